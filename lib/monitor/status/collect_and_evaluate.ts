import type { MonitorParts } from "../monitor_parts.ts";

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
export async function collectAndEvaluate(parts: MonitorParts, now: number): Promise<MetricsLook> {
  let uncollected: MetricsLook["uncollected"] = null;
  try {
    await parts.collect(now);
  } catch (error) {
    uncollected = { error };
  }
  return { firing: (await parts.evaluate(now)).firing, uncollected };
}
