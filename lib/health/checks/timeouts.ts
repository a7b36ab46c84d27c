import { DOWNLOAD_DERIVED, DOWNLOAD_METRICS } from "../../downloader/mod.ts";
import { collectMetrics } from "../../metrics/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";

/** Share of downloads with a timeout, over the last hour. */
export interface TimeoutFacts {
  /** From 0 to 1; `null` without downloads. */
  readonly rate: number | null;
  readonly downloads: number;
}

const WINDOW_MS = 3_600_000;
/** As in the built-in alert rule. */
const WARN_RATE = 0.01;
const FAIL_RATE = 0.2;
const MIN_DOWNLOADS = 20;

/** Do downloads time out? */
export const TIMEOUTS_CHECK = defineCheck({
  name: "timeouts",
  question: "How many downloads of the last hour timed out?",
  async measure({ logs, clock }: HealthPlace): Promise<TimeoutFacts> {
    const { metrics, samples } = await collectMetrics({
      folder: logs,
      windowMs: WINDOW_MS,
      definitions: DOWNLOAD_METRICS,
      derived: DOWNLOAD_DERIVED,
      clock,
    });
    return { rate: metrics["timeout_rate"] ?? null, downloads: samples["timeout_rate"] ?? 0 };
  },
  judge: judgeTimeouts,
});

/** Judge the share of timeouts; a few downloads prove nothing. */
export function judgeTimeouts({ rate, downloads }: TimeoutFacts): HealthFinding {
  const figures = { rate, downloads };
  if (rate === null) return finding("skipped", "no downloads within an hour", { figures });
  const state = `${(rate * 100).toFixed(1)} % of ${downloads} downloads timed out within an hour`;
  if (downloads < MIN_DOWNLOADS || rate <= WARN_RATE) return finding("ok", state, { figures });
  return finding(rate > FAIL_RATE ? "fail" : "warn", state, {
    remedy: "civitai-dl collect-metrics --window 1h",
    figures,
  });
}
