import type { ClaimId } from "../soak/mod.ts";
import type { ProfileName } from "../transfer/mod.ts";
import type { ToxicLevel } from "./work/stability_toxics.ts";

/** Most lanes of a run. */
export const MAX_LANES = 16;

/** Settings of a stability run. */
export interface StabilitySettings {
  /** Path of the report, which ends with `.json`; the pages are written to the same folder. */
  readonly path: string;
  /** Whether to continue the run of an existing report. */
  readonly isResumed: boolean;
  /** Whether the user specified a flag. A resumed run takes every setting that was not specified from its report. */
  readonly isGiven: (flag: string) => boolean;
  /** Planned duration, in milliseconds. */
  readonly plannedMs: number;
  /** Time between two rows of the report, in milliseconds. */
  readonly intervalMs: number;
  /** Number of jobs that fall due per second, over all lanes. */
  readonly perSecond: number;
  /** Number of sandboxes that are used at the same time. */
  readonly lanes: number;
  /** Seed of jobs, faults and file contents. */
  readonly seed: number;
  /** The only engine; `all` for the engines in turn. */
  readonly engine: ProfileName | "all";
  /** Level of the faults that the sandbox injects. */
  readonly level: ToxicLevel;
  /** Claims whose failure ends the run early. */
  readonly abortOn: readonly ClaimId[];
  /** Time before a failed claim may end the run, in milliseconds. */
  readonly delayAbortMs: number;
  /** Folder of the libraries; a temporary one if `undefined`. */
  readonly workFolder: string | undefined;
}
