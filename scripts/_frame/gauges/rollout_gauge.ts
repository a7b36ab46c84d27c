import { downloadMetric } from "../../../lib/downloader/mod.ts";
import { stateFolder } from "../../../lib/library/mod.ts";
import type { MeasuredGauge } from "../../../lib/metrics/mod.ts";
import { type RolloutRecord, RolloutStore } from "../../../lib/rollout/mod.ts";

/**
 * Measure whether the rollout of a library is aborted now. No run writes this gauge: it must be right also while nothing
 * is downloaded.
 *
 * @returns 1 while the rollout is aborted, otherwise 0; no value if its state cannot be read
 */
export async function rolloutGauge(library: string): Promise<MeasuredGauge> {
  const rollout = await peek(library);
  const series = rollout === null ? [] : [{ labels: {}, value: rollout.state === "degraded" ? 1 : 0 }];
  return { definition: downloadMetric("civitai_dl.rollouts.stopped"), series };
}

async function peek(library: string): Promise<RolloutRecord | null> {
  const store = new RolloutStore(stateFolder(library), { command: "monitor" });
  try {
    return await store.peek();
  } catch {
    // The check "state" of health-check says why.
    return null;
  }
}
