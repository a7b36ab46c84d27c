import { type DiskUsage, diskUsage, existingFolder, formatSize, quoteWord } from "../../base/mod.ts";
import { defineCheck, finding, type FindingParts, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

/** Usage of the library's disk. */
export interface DiskFacts extends DiskUsage {
  /** The nearest folder that exists. */
  readonly folder: string;
}

/** From this usage on, the built-in alert rule fires too. */
const WARN_PERCENT = 90;

export const DISK_CHECK = defineCheck({
  name: "disk",
  question: "Is there space on the library's disk?",
  touches: "state",
  problem: "reserve-reached",
  async measure({ library }) {
    const folder = await existingFolder(library);
    return { folder, ...await diskUsage(folder) };
  },
  judge: judgeDisk,
});

/** Judge the space: downloads start no file that would use the reserve. */
export function judgeDisk(
  { folder, freeBytes, usedPercent }: DiskFacts,
  place: Pick<HealthPlace, "reserveBytes" | "libraryWord">,
): HealthFinding {
  const { reserveBytes } = place;
  const figures = { freeBytes, usedPercent: Math.round(usedPercent * 10) / 10, reserveBytes };
  const free = formatSize(freeBytes);
  const used = `${Math.round(usedPercent)} %`;
  const state = { en: `${free} free, ${used} used`, ja: `空き ${free}、${used} 使用` };
  const more = { ...freeSpace(folder, place), figures };
  if (freeBytes <= reserveBytes) {
    const reserve = formatSize(reserveBytes);
    return finding("fail", {
      en: `${state.en}; downloads keep ${reserve} free`,
      ja: `${state.ja}。予備の容量 ${reserve} を下回っています`,
    }, more);
  }
  return usedPercent >= WARN_PERCENT ? finding("disk-filling", state, more) : finding("ok", state, { figures });
}

/**
 * Lead to more space: what is large in a folder, and the check that it is enough.
 *
 * @param folder The folder whose disk is full
 * @param place The library
 * @returns The parts of a finding
 */
export function freeSpace(
  folder: string,
  place: CommandPlace,
): Pick<FindingParts, "remedy" | "afterwards" | "advice"> {
  return {
    // Both GNU and BSD know these flags.
    remedy: `du -xah -d 2 ${quoteWord(folder)} | sort -h | tail`,
    afterwards: nextCommand(place, "doctor --only disk,write"),
    advice: {
      en: "it lists the largest last: remove what you do not need, or name another disk with --output",
      ja: "大きいものほど下に表示されます。不要なものを削除するか、--output で別のディスクを指定してください",
    },
  };
}
