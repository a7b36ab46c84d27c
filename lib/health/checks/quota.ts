import { asIs, type DayLimits, formatShare, formatSize } from "../../base/mod.ts";
import { type Amount, quotaFile, QuotaWindow } from "../../downloader/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace, UNREADABLE_STATE } from "../health_check.ts";
import { findRecentFailure } from "../read_recent_logs.ts";

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
  ja: "利用枠",
  touches: "logs",
  problem: "quota",
  measure: measureQuota,
  judge: judgeQuota,
});

async function measureQuota({ library, logs, limits: given, clock, signal }: HealthPlace): Promise<QuotaFacts> {
  const nowMs = clock.now();
  let used: Amount | null = null;
  let againMs: number | null = null;
  const areRecorded = given.links === null && given.bytes === null;
  let limits = given;
  try {
    const state = await quotaFile(library).read();
    const window = state === null ? new QuotaWindow() : QuotaWindow.from(state, nowMs);
    used = window.sumUsed(nowMs);
    if (areRecorded) limits = window.limits;
    const fittingMs = window.findFittingTime(nowMs, { links: 1, bytes: 1 }, limits);
    againMs = fittingMs > nowMs ? fittingMs : null;
  } catch {
    // The check of the state files says why it cannot be read.
  }
  const refusedAt = await findRecentFailure(logs, "quota", { sinceMs: nowMs - DAY_MS, signal });
  return { used, againMs, limits, areRecorded, refusedAt };
}

/** Judge the quota: of the account if Civitai refused a link, otherwise of `--quota`. */
export function judgeQuota({ used, againMs, limits, areRecorded, refusedAt }: QuotaFacts): HealthFinding {
  const figures = { links: used?.links ?? null, bytes: used?.bytes ?? null, refusedAt };
  if (refusedAt !== null) {
    const again = new Date(Date.parse(refusedAt) + DAY_MS).toISOString();
    return finding("quota", {
      en: `Civitai refused a link at ${refusedAt}; the account has room again at the latest at ${again}`,
      ja:
        `${refusedAt} に Civitai がリンクの発行を拒否しました。アカウントの利用枠を使い切っています（遅くとも ${again} に空きます）`,
    }, { next: "civitai-dl download", figures });
  }
  if (used === null) return finding("skipped", UNREADABLE_STATE, { figures });
  const size = formatSize(used.bytes);
  const state = { en: `${used.links} links and ${size} in 24 h`, ja: `24 時間でリンク ${used.links} 件、${size}` };
  const share = Math.max(shareOf(used.links, limits.links), shareOf(used.bytes, limits.bytes));
  if (share < WARN_SHARE) return finding("ok", state, { figures: { ...figures, share } });
  const whose = areRecorded ? { en: "the --quota of the last run", ja: "前回の実行の --quota" } : asIs("--quota");
  const more = { figures: { ...figures, share } };
  if (share < 1) {
    const part = formatShare(share, { decimals: 1 });
    return finding(
      "own-quota",
      { en: `${state.en}: ${part} of ${whose.en}`, ja: `${state.ja}。${whose.ja} の ${part}` },
      more,
    );
  }
  const isNever = limits.links === 0 || limits.bytes === 0;
  const again = againMs === null || isNever ? null : new Date(againMs).toISOString();
  return finding("own-quota", {
    en: `the limit of ${whose.en} is reached (${state.en})${again === null ? "" : `; it has room again at ${again}`}`,
    ja: `${whose.ja} の上限に達しました（${state.ja}）${again === null ? "" : `。${again} に再び空きができます`}`,
  }, more);
}

function shareOf(used: number, limit: number | null): number {
  if (limit === null) return 0;
  return limit === 0 ? 1 : used / limit;
}
