import type { MonitorParts } from "../monitor_parts.ts";

/** What a look at the metrics found. */
export interface MetricsLook {
  /** How many alerts fire. */
  readonly firing: number;
  /** Why they could not be collected; `null` if they could. */
  readonly uncollected: { readonly error: unknown } | null;
}

/**
 * Collect and evaluate. A disk that is full takes no report, and the alert about it must be told all the same: so what
 * the collecting throws is handed back, to be thrown when all else is done.
 */
export async function lookAtMetrics(parts: MonitorParts, now: number): Promise<MetricsLook> {
  let uncollected: MetricsLook["uncollected"] = null;
  try {
    await parts.collect(now);
  } catch (error) {
    uncollected = { error };
  }
  return { firing: (await parts.evaluate(now)).firing, uncollected };
}
