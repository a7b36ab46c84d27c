import { join } from "node:path";
import { type DayLimits, formatShare, formatSize, readTextNoFollow } from "../../base/mod.ts";
import { type Amount, QuotaWindow } from "../../downloader/mod.ts";
import { STATE_FOLDER } from "../../library/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";
import { readRecentFailures } from "../read_recent_logs.ts";

/** What was used of the quota in the last 24 hours. */
export interface QuotaFacts {
  /** Links and bytes of this library's runs; `null` if their counts cannot be read. */
  readonly used: Amount | null;
  /** When one more link fits into the limits, milliseconds since the epoch; `null` if one fits now. */
  readonly againMs: number | null;
  readonly limits: DayLimits;
  /** Whether the limits are those of the last run, because none were given. */
  readonly areRecorded: boolean;
  /** When Civitai last refused a link because of the account's quota, ISO 8601 UTC; `null` if it did not. */
  readonly refusedAt: string | null;
}

const DAY_MS = 86_400_000;
const WARN_SHARE = 0.9;

export const QUOTA_CHECK = defineCheck({
  name: "quota",
  question: "Is the quota of the last 24 hours used up?",
  problem: "quota",
  measure: measureQuota,
  judge: judgeQuota,
});

async function measureQuota({ library, logs, limits: given, clock, signal }: HealthPlace): Promise<QuotaFacts> {
  const nowMs = clock.now();
  const path = join(library, STATE_FOLDER, "state", "quota.json");
  let used: Amount | null;
  let againMs: number | null = null;
  const areRecorded = given.links === null && given.bytes === null;
  let limits = given;
  try {
    const window = QuotaWindow.parse(await readTextNoFollow(path), nowMs);
    used = window.sumUsed(nowMs);
    if (areRecorded) limits = window.limits;
    const fittingMs = window.findFittingTime(nowMs, { links: 1, bytes: 1 }, limits);
    againMs = fittingMs > nowMs ? fittingMs : null;
  } catch (error) {
    used = error instanceof Deno.errors.NotFound ? { links: 0, bytes: 0 } : null;
  }
  const failures = await readRecentFailures(logs, { sinceMs: nowMs - DAY_MS, signal });
  const refusedAt = failures.find(({ failure }) => failure === "quota")?.time ?? null;
  return { used, againMs, limits, areRecorded, refusedAt };
}

/** Judge the quota: of the account if Civitai refused a link, otherwise of `--quota`. */
export function judgeQuota(
  { used, againMs, limits, areRecorded, refusedAt }: QuotaFacts,
  place: CommandPlace,
): HealthFinding {
  const figures = { links: used?.links ?? null, bytes: used?.bytes ?? null, refusedAt };
  if (refusedAt !== null) {
    const again = new Date(Date.parse(refusedAt) + DAY_MS).toISOString();
    return finding("fail", `Civitai refused a link at ${refusedAt}: the account's quota is used up`, {
      remedy: nextCommand(place, "download"),
      advice: `it resumes as soon as the account has room again: at the latest at ${again}`,
      figures,
    });
  }
  if (used === null) return finding("skipped", "its counts cannot be read: see state", { figures });
  const state = `${used.links} links and ${formatSize(used.bytes)} in 24 h`;
  const share = Math.max(shareOf(used.links, limits.links), shareOf(used.bytes, limits.bytes));
  if (share < WARN_SHARE) return finding("ok", state, { figures: { ...figures, share } });
  const whose = areRecorded ? "the --quota of the last run" : "--quota";
  const more = {
    remedy: nextCommand(place, "download --quota LIMITS"),
    advice:
      "put a higher limit in the place of LIMITS, such as 1000,200G; if civitai-dl.yml has the quota, raise it there",
    figures: { ...figures, share },
  };
  if (share < 1) return finding("warn", `${state}: ${formatShare(share, { decimals: 1 })} of ${whose}`, more);
  const isNever = limits.links === 0 || limits.bytes === 0;
  const again = againMs === null || isNever ? "" : `; it has room again at ${new Date(againMs).toISOString()}`;
  return finding("fail", `the limit of ${whose} is reached (${state})${again}`, {
    ...more,
    problem: "own-quota",
    ja: { measured: state },
  });
}

function shareOf(used: number, limit: number | null): number {
  if (limit === null) return 0;
  return limit === 0 ? 1 : used / limit;
}
