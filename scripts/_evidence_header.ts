import { cpus, totalmem } from "node:os";
import { type EvidenceHeader, VERSION } from "../lib/base/mod.ts";
import { describeCheckout } from "../lib/git/mod.ts";

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
    ...{ schema, version: 1 },
    tool: { name: "civitai-dl", version: VERSION, deno: Deno.version.deno, v8: Deno.version.v8 },
    commit: await describeCheckout(folder),
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: navigator.hardwareConcurrency,
      memoryBytes: totalmem(),
      ...{ kernel: `${Deno.build.os} ${Deno.osRelease()}`, arch: Deno.build.arch },
    },
    ...{ seed, startedAt, endedAt: new Date().toISOString(), plannedMs },
    actualMs: Math.round(performance.now() - startedMs),
  };
}
