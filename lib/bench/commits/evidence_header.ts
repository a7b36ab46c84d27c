import { type EvidenceHeader, thisMachine, thisProgram } from "../../base/mod.ts";
import { describeCheckout } from "../../git/mod.ts";

/** Options of {@linkcode evidenceHeader}. */
export interface EvidenceTimes {
  /** Start of the measurement, in ISO 8601, UTC. */
  readonly startedAt: string;
  /** The same time according to `performance.now()`, in milliseconds. */
  readonly startedMs: number;
  /** Planned duration, in milliseconds. */
  readonly plannedMs: number;
  /** Seed of the random choices; `null` if there were none. */
  readonly seed: number | null;
  /** Folder of the checkout that is measured. */
  readonly folder: string;
}

/**
 * Create the header of a report whose measurement ends now.
 *
 * @param schema Kind of the report, such as `civitai-dl/benchmark-compare`
 * @param times Start and plan of the measurement, and the checkout
 * @returns The header, with this program, this machine and the commit of the checkout
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { evidenceHeader } from "@civitai-dl/civitai-dl/bench";
 *
 * const startedAt = new Date().toISOString();
 * const startedMs = performance.now();
 * // Measure here.
 * const header = await evidenceHeader("shop/load", { startedAt, startedMs, plannedMs: 0, seed: null, folder: "." });
 * assertEquals([header.schema, header.tool.deno], ["shop/load", Deno.version.deno]);
 * ```
 */
export async function evidenceHeader(schema: string, times: EvidenceTimes): Promise<EvidenceHeader> {
  const { startedAt, startedMs, plannedMs, seed, folder } = times;
  return {
    schema,
    version: 1,
    tool: thisProgram(),
    commit: await describeCheckout(folder),
    machine: thisMachine(),
    seed,
    startedAt,
    endedAt: new Date().toISOString(),
    plannedMs,
    actualMs: Math.round(performance.now() - startedMs),
  };
}
