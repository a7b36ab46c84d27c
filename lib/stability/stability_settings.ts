import type { ClaimId } from "../soak/mod.ts";
import type { ToxicLevel } from "./stability_toxics.ts";

/** Settings of a stability run. */
export interface StabilitySettings {
  /** Path of the report, which ends with `.json`; the pages are written beside it. */
  readonly path: string;
  /** Whether to continue the run of an existing report. */
  readonly isResumed: boolean;
  /** Whether the user gave a flag; a resumed run takes every setting that was not given from its report. */
  readonly isGiven: (flag: string) => boolean;
  /** Planned duration, in milliseconds. */
  readonly plannedMs: number;
  /** Time between two rows of the report, in milliseconds. */
  readonly intervalMs: number;
  /** Jobs that fall due each second, over all lanes. */
  readonly perSecond: number;
  /** Sandboxes that work at the same time. */
  readonly lanes: number;
  /** Seed of jobs, faults and file contents. */
  readonly seed: number;
  /** How many faults the sandbox injects. */
  readonly level: ToxicLevel;
  /** Claims whose failure ends the run early. */
  readonly abortOn: readonly ClaimId[];
  /** Time before a failed claim may end the run, in milliseconds. */
  readonly delayAbortMs: number;
  /** Folder of the libraries; a temporary one if `undefined`. */
  readonly workFolder: string | undefined;
}
