import type { MonitorWork } from "../monitor_work.ts";

/** The result of {@linkcode collectAndEvaluate}. */
export interface MetricsLook {
  /** Number of firing alerts. */
  readonly firing: number;
  /** Why the metrics could not be collected; `null` if they could. */
  readonly uncollected: { readonly error: unknown } | null;
}

/**
 * Collect the metrics and evaluate the alerts. On a full disk, no report can be written, but the alert about it must
 * still be sent. An error of the collection is therefore returned, and the caller throws it after all other work.
 */
export async function collectAndEvaluate(work: MonitorWork, now: number): Promise<MetricsLook> {
  let uncollected: MetricsLook["uncollected"] = null;
  try {
    await work.collect(now);
  } catch (error) {
    uncollected = { error };
  }
  return { firing: (await work.evaluate(now)).firing, uncollected };
}
