import type { RunEnd } from "../../judge/mod.ts";

/** The state of the run loop that a report needs. */
export interface LoopFacts {
  readonly end: RunEnd;
  readonly nextJob: number;
  readonly active: number;
  /** The time after which no more jobs fall due, in milliseconds of the run. */
  readonly lastDueMs: number;
}
