import type { ClaimId } from "../soak/mod.ts";
import type { ProfileName } from "../transfer/mod.ts";
import type { ToxicLevel } from "./work/stability_toxics.ts";

/** Most lanes of a run. */
export const MAX_LANES = 16;

/** Schema of the report. */
export const STABILITY_SCHEMA = "civitai-dl/stability";

/** What a run does. A resumed run does the same; each has the name of its flag. */
export interface StabilitySettings {
  /** Level of the faults that the sandbox injects. */
  readonly toxics: ToxicLevel;
  /** The only engine; `all` for the engines in turn. */
  readonly engine: ProfileName | "all";
  /** Number of sandboxes that are used at the same time. */
  readonly lanes: number;
  /** Number of jobs that fall due per second, over all lanes. */
  readonly pace: number;
  /** Seed of jobs, faults and file contents. */
  readonly seed: number;
  /** Claims whose failure ends the run early. */
  readonly abortOn: readonly ClaimId[];
  /** Time before a failed claim may end the run, in milliseconds. */
  readonly delayAbort: number;
}

/** Where and how long a run works. */
export interface StabilityPlan {
  /** Path of the report, which ends with `.json`; the pages are written to the same folder. */
  readonly path: string;
  /** Whether to continue the run of an existing report. */
  readonly isResumed: boolean;
  /** Planned duration, in milliseconds; that of the report if `undefined`. */
  readonly plannedMs: number | undefined;
  /** Time between two rows of the report, in milliseconds; that of the report if `undefined`. */
  readonly intervalMs: number | undefined;
  /** Folder of the libraries; a temporary one if `undefined`. */
  readonly workFolder: string | undefined;
}
