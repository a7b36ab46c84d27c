import { formatDuration } from "../../lib/base/mod.ts";
import type { RoundsProgress } from "../../lib/soak/mod.ts";
import { speedOf } from "./judge_load.ts";
import type { LoadRun } from "./load_report.ts";

/** How far a test is. */
export interface LoadProgress extends Pick<RoundsProgress<Pick<LoadRun, "seconds" | "bytes">>, "planned" | "done"> {
  /** Number of files of a run. */
  readonly files: number;
  /** Files of the run under way whose links were requested. */
  readonly requested: number;
  /** What it does: fetches, compares the files with their sources, or prepares. */
  readonly step: "preparing" | "fetching" | "comparing";
  /** Time since the run under way began, in milliseconds. */
  readonly runMs: number;
}

/** Describe how far a test is: `run 3 of 10: fetching, 4100 of 10000 files (41 %); 212 MB/s so far, 18m left`. */
export function describeLoad({ planned, done, files, requested, step, runMs }: LoadProgress): string {
  const number = Math.min(planned, done.length + 1);
  const share = files === 0 ? 0 : requested / files;
  const state = step === "fetching" ? `fetching, ${requested} of ${files} files (${Math.floor(100 * share)} %)` : step;
  const speeds = done.map(speedOf);
  const known = speeds.length === 0
    ? []
    : [`${Math.round(speeds.reduce((sum, one) => sum + one, 0) / speeds.length)} MB/s so far`];
  const pace = share > 0.02 ? runMs / share : null;
  // Before the first run has ended, its own pace is all there is to go by.
  const runLength = done.length === 0 ? pace : 1000 * done.reduce((sum, { seconds }) => sum + seconds, 0) / done.length;
  const left = runLength === null || step === "comparing"
    ? []
    : [`${formatDuration(1000 * Math.max(1, Math.round((runLength * (planned - done.length) - runMs) / 1000)))} left`];
  const rest = [...known, ...left].join(", ");
  return `run ${number} of ${planned}: ${state}${rest === "" ? "" : `; ${rest}`}`;
}
