import { asIs, formatCount, formatShare, sayDuration } from "../../base/mod.ts";
import { WaitCollector } from "../../diagnosis/mod.ts";
import { DOWNLOAD_DERIVED, DOWNLOAD_METRICS } from "../../downloader/mod.ts";
import type { TimeoutLine } from "../../failsafe/mod.ts";
import { collectMetrics } from "../../metrics/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { readRecentWaits } from "../read_recent_logs.ts";

/** Timeouts of the last hour. */
export interface TimeoutFacts {
  /** Share of downloads with a timeout, from 0 to 1, without the timeouts of outages; `null` without downloads. */
  readonly rate: number | null;
  readonly downloads: number;
  /** Timeouts of outages, in which the host answered nobody: no other timeout would have helped. */
  readonly outages: number;
  /** Answers of the API that a timeout cut off, unless a later wait ended in time. */
  readonly expired: {
    readonly count: number;
    /** The last timeout that did; `null` if none did. */
    readonly limitMs: number | null;
  };
  /** How long the API takes to answer now; `null` if it was not asked, or did not answer. */
  readonly apiMs: number | null;
  /** The timeout that is set now. */
  readonly limitMs: number;
}

const WINDOW_MS = 3_600_000;
/** As in the built-in alert rule. */
const MAX_RATE = 0.01;
const MIN_DOWNLOADS = 100;
/** The default of `--timeout`. */
const DEFAULT_LIMIT_MS = 30_000;

export const TIMEOUTS_CHECK = defineCheck({
  name: "timeouts",
  ja: "タイムアウト",
  touches: "logs",
  problem: "timeout",
  async measure(place: HealthPlace): Promise<TimeoutFacts> {
    const { logs, client, clock, signal } = place;
    const { metrics, samples } = await collectMetrics({
      folder: logs,
      windowMs: WINDOW_MS,
      definitions: DOWNLOAD_METRICS,
      derived: DOWNLOAD_DERIVED,
      clock,
      signal,
    });
    const api = await place.api();
    const lines = await readRecentWaits(logs, { sinceMs: clock.now() - WINDOW_MS, signal });
    const waits = lines.filter(({ operation }) => operation === "api");
    const [newest] = waits;
    const limitMs = newest?.outcome === "timeout" ? newest.limitMs : null;
    const outages = countOutages(lines);
    const downloads = samples["timeout_rate"] ?? 0;
    const rate = metrics["timeout_rate"] ?? null;
    return {
      rate: rate === null || downloads === 0 ? rate : Math.max(0, rate - outages / downloads),
      downloads,
      outages,
      expired: { count: limitMs === null ? 0 : waits.filter(({ outcome }) => outcome === "timeout").length, limitMs },
      apiMs: api.type === "answered" ? api.durationMs : null,
      limitMs: client.timeoutMs ?? DEFAULT_LIMIT_MS,
    };
  },
  judge: judgeTimeouts,
});

/** Judge the share of timeouts, of which a few downloads prove nothing, and the timeout against what the API takes. */
export function judgeTimeouts(facts: TimeoutFacts): HealthFinding {
  const { rate, downloads, outages, expired, apiMs, limitMs } = facts;
  const figures = {
    rate,
    downloads,
    outages,
    apiTimeouts: expired.count,
    apiMs: apiMs === null ? null : Math.round(apiMs),
  };
  const shortest = Math.min(limitMs, expired.limitMs ?? Infinity);
  if (apiMs !== null && apiMs > shortest) {
    const time = sayDuration(Math.ceil(apiMs / 100) * 100);
    const limit = sayDuration(shortest);
    const cut = expired.count === 0 ? asIs("") : {
      en: `, and cut off ${formatCount(expired.count, "answer")} within an hour`,
      ja: `。この 1 時間に ${expired.count} 回の応答が打ち切られています`,
    };
    return finding("short-timeout", {
      en: `the API takes ${time.en} to answer; a timeout of ${limit.en} is too short${cut.en}`,
      ja: `API の応答に ${time.ja}かかるため、タイムアウト ${limit.ja}では足りません${cut.ja}`,
    }, {
      values: { TIME: wholeSeconds(Math.max(DEFAULT_LIMIT_MS, 3 * apiMs)) },
      figures,
    });
  }
  if (rate === null) {
    return finding("skipped", {
      en: "no downloads within an hour",
      ja: "この 1 時間のダウンロードはありません",
    }, { figures });
  }
  const share = formatShare(rate, { decimals: 1 });
  const left = outages === 0 ? asIs("") : {
    en: `, without ${formatCount(outages, "timeout")} of outages`,
    ja: `（障害による ${outages} 件を除く）`,
  };
  if (downloads < MIN_DOWNLOADS) {
    return finding("ok", {
      en: `it takes ${MIN_DOWNLOADS} downloads within an hour to judge (now ${downloads})`,
      ja: `判定には 1 時間に ${MIN_DOWNLOADS} 件のダウンロードが必要です（現在 ${downloads} 件）`,
    }, { figures });
  }
  const state = {
    en: `${share} of ${formatCount(downloads, "download")} timed out within an hour${left.en}`,
    ja: `この 1 時間のダウンロード ${downloads} 件のうち ${share} がタイムアウト${left.ja}`,
  };
  if (rate <= MAX_RATE) return finding("ok", state, { figures });
  return finding("timeout", state, { then: "civitai-dl tune-timeouts --apply", figures });
}

function wholeSeconds(ms: number): string {
  return `${Math.ceil(ms / 1000)}s`;
}

/** Count the timeouts of outages as `tune-timeouts` does, which leaves them out too. */
function countOutages(newestFirst: readonly TimeoutLine[]): number {
  const collector = new WaitCollector({ byHost: true });
  for (const line of newestFirst.toReversed()) collector.addLine(line);
  return collector.list().reduce((sum, { outages }) => sum + outages, 0);
}
