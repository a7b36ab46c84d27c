import type { EvidenceHeader } from "../../lib/base/mod.ts";
import { describeCheckout } from "../../lib/git/mod.ts";
import { thisMachine } from "../_this_machine.ts";
import { thisProgram } from "../_this_program.ts";

/** What only the measurement itself knows. */
export interface EvidenceTimes {
  readonly startedAt: string;
  /** Of the clock that does not jump. */
  readonly startedMs: number;
  readonly plannedMs: number;
  readonly seed: number | null;
  /** The checkout that is measured. */
  readonly folder: string;
}

/** The header of a report that ends now. */
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
