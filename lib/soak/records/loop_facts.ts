import type { ReportEnd } from "../../judge/mod.ts";

/** The state of the run loop that a report needs. */
export interface LoopFacts {
  readonly end: ReportEnd;
  readonly nextJob: number;
  readonly active: number;
  /** The time after which no more jobs fall due, in milliseconds of the run. */
  readonly lastDueMs: number;
}
