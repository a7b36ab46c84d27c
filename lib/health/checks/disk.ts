import { type DiskUsage, diskUsage, existingFolder, formatSize } from "../../base/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { shellWord } from "../next_command.ts";

/** Usage of the library's disk. */
export interface DiskFacts extends DiskUsage {
  /** The nearest folder that exists. */
  readonly folder: string;
}

/** From this usage on, the built-in alert rule fires too. */
const WARN_PERCENT = 90;

/** Is there space on the library's disk? */
export const DISK_CHECK = defineCheck({
  name: "disk",
  question: "Is there space on the library's disk?",
  async measure({ library }) {
    const folder = await existingFolder(library);
    return { folder, ...await diskUsage(folder) };
  },
  judge: judgeDisk,
});

/** Judge the space: downloads start no file that would use the reserve. */
export function judgeDisk(
  { folder, freeBytes, usedPercent }: DiskFacts,
  { reserveBytes }: Pick<HealthPlace, "reserveBytes">,
): HealthFinding {
  const figures = { freeBytes, usedPercent: Math.round(usedPercent * 10) / 10, reserveBytes };
  const state = `${formatSize(freeBytes)} free, ${Math.round(usedPercent)} % used`;
  const remedy = `du -xh --max-depth=2 ${shellWord(folder)} | sort -h | tail`;
  if (freeBytes <= reserveBytes) {
    return finding("fail", `${state}; downloads keep ${formatSize(reserveBytes)} free`, { remedy, figures });
  }
  return usedPercent >= WARN_PERCENT ? finding("warn", state, { remedy, figures }) : finding("ok", state, { figures });
}
