import { alertsFile } from "../../alerts/mod.ts";
import {
  type DiskUsage,
  diskUsage,
  existingFolder,
  formatCount,
  formatSize,
  mountPoint,
  quoteWord,
  sayDuration,
} from "../../base/mod.ts";
import { alertsStatePath, judgeRuns, readRuns, stateFolder } from "../../library/mod.ts";
import { judgeReserve, type ReserveReached } from "../../monitor/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";

/** Usage of the library's disk. */
export interface DiskFacts extends DiskUsage {
  /** The topmost folder of the disk. */
  readonly folder: string;
  /** What the last download left for lack of room, and the disk still has no room for; `null` for nothing. */
  readonly reserve: ReserveReached | null;
  /** When the disk will be at its reserve if it goes on filling, as a monitor has seen, in milliseconds from now. */
  readonly fullInMs: number | null;
}

/** From this usage on, the built-in alert rule fires too. */
const WARN_PERCENT = 90;
/** The shipped rule that says when the disk will be full. */
const FORECAST = "DiskFilling";

export const DISK_CHECK = defineCheck({
  name: "disk",
  ja: "ディスク",
  touches: "state",
  problem: "reserve-reached",
  async measure({ library, reserveBytes, clock }) {
    const folder = await existingFolder(library);
    const usage = await diskUsage(folder);
    // The check "state" says what is in the way.
    const runs = judgeRuns(await readRuns(stateFolder(library), { limit: 1000 }).catch(() => []));
    const { freeBytes } = usage;
    const reserve = judgeReserve(runs, { freeBytes, reserveBytes: runs.reserveBytes ?? reserveBytes });
    const fullInMs = reserve === null ? await readForecast(library, clock.now()) : null;
    return { folder: await mountPoint(folder), reserve, fullInMs, ...usage };
  },
  judge: judgeDisk,
});

/** What a monitor says, which watches the disk for a while: this check sees it once. */
async function readForecast(library: string, now: number): Promise<number | null> {
  // The check "state" says why it cannot be read.
  const state = await alertsFile(alertsStatePath(library)).read().catch(() => null);
  const alert = Object.values(state?.alerts ?? {}).find(({ rule, state }) => rule === FORECAST && state === "firing");
  if (alert === undefined || alert.value === null) return null;
  return Math.max(0, alert.breachedAt + 1000 * alert.value - now);
}

/** Judge the space: downloads start no file that would use the reserve. */
export function judgeDisk(
  { folder, freeBytes, usedPercent, reserve, fullInMs }: DiskFacts,
  place: Pick<HealthPlace, "reserveBytes">,
): HealthFinding {
  const { reserveBytes } = place;
  const figures = {
    freeBytes,
    usedPercent: Math.round(usedPercent * 10) / 10,
    reserveBytes,
    missingBytes: reserve?.missingBytes ?? null,
  };
  const free = formatSize(freeBytes);
  const used = `${Math.round(usedPercent)} %`;
  const state = { en: `${free} free, ${used} used`, ja: `空き ${free}、${used} 使用` };
  const more = { values: { FOLDER: quoteWord(folder) }, figures };
  if (reserve !== null && reserve.leftFiles > 0) {
    const missing = formatSize(reserve.missingBytes);
    const left = formatCount(reserve.leftFiles, "file");
    return finding("reserve-reached", {
      en: `${state.en}; ${missing} more must be free for the ${left} that the last download left`,
      ja: `${state.ja}。前回のダウンロードで未取得の ${reserve.leftFiles} 件には、あと ${missing} の空きが必要です`,
    }, more);
  }
  if (freeBytes <= reserveBytes) {
    const reserve = formatSize(reserveBytes);
    return finding("reserve-reached", {
      en: `${state.en}; downloads keep ${reserve} free`,
      ja: `${state.ja}。予備の容量 ${reserve} を下回っています`,
    }, more);
  }
  if (fullInMs !== null) {
    const left = sayDuration(Math.round(fullInMs / 60_000) * 60_000);
    return finding("disk-filling", {
      en: `${state.en}; at its reserve in ${left.en} if it goes on filling`,
      ja: `${state.ja}。このまま増え続けると、${left.ja}後に予備の容量に達します`,
    }, more);
  }
  return usedPercent >= WARN_PERCENT ? finding("disk-filling", state, more) : finding("ok", state, { figures });
}
