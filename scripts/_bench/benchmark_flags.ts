import type { Flag, FlagsOf } from "../../lib/cli/mod.ts";
import { REPORT_ENDINGS } from "../../lib/report/mod.ts";

/** Minimum number of runs of each side for a verdict: fewer pairs have no interval at 95 %. */
export const ENOUGH_RUNS = 6;

/** Flags of `benchmark`. */
export const BENCHMARK_FLAGS = [
  {
    name: "phase",
    setting: "none",
    type: "integer",
    summary: "Compare the profile of this phase with phase 1, on the workloads large, capped, small, mixed and faults",
    prefix: "phase",
    min: 1,
    max: 4,
  },
  {
    name: "baseline",
    setting: "none",
    type: "string",
    summary: "With --phase: tag or commit whose engine is phase 1; the newest tag of phase 1 by default",
    placeholder: "REF",
  },
  {
    name: "quick",
    setting: "none",
    type: "boolean",
    summary: "With --phase: a preview in a few minutes, without a verdict",
  },
  {
    name: "peers",
    type: "boolean",
    summary: "Against curl, aria2, wget2, axel and sha256sum: the targets P1 to P4, P5 (memory), P8 and P11",
  },
  {
    name: "only",
    setting: "none",
    type: "string",
    summary: "Only these targets or workloads, such as P1,P3 or mixed",
    placeholder: "TARGETS",
    multiple: true,
    split: ",",
  },
  { name: "runs", type: "integer", summary: "Measured runs of each side", default: ENOUGH_RUNS, min: 1, max: 1000 },
  {
    name: "scale",
    type: "number",
    summary: "Scale all sizes down, for a quick preview",
    default: 1,
    min: 0.001,
    max: 1,
  },
  { name: "engine", type: "string", summary: "Engine profile; the fastest (turbo) by default", placeholder: "PROFILE" },
  {
    name: "output",
    type: "path",
    summary: `Also write a report; ends with ${REPORT_ENDINGS.join(", ")}`,
    placeholder: "FILE",
    multiple: true,
  },
  {
    name: "work-folder",
    type: "path",
    summary: "Folder for large files; ./bench-work by default",
    placeholder: "FOLDER",
  },
] as const satisfies readonly Flag[];

/** Values of {@linkcode BENCHMARK_FLAGS}. */
export type BenchmarkFlags = FlagsOf<typeof BENCHMARK_FLAGS>;
