import type { EvidenceCommit } from "../base/mod.ts";

/** What every run needs from the program that starts it. */
export interface RunHost<Progress> {
  /** Signal that ends the run early; its report is complete up to that time. */
  readonly signal: AbortSignal;
  /** The commit under test, for the report. */
  readonly commit: EvidenceCommit;
  /** Receives how far the run is. */
  readonly onProgress: (progress: Progress) => void;
  /** Receives messages: what begins and ends at `log`, problems at `notice`, single failures at `detail`. */
  readonly display: {
    readonly log: (text: string) => void;
    readonly notice: (text: string) => void;
    readonly detail: (text: string) => void;
  };
}
