import type { Language } from "../base/mod.ts";

/** What a person reads about a problem. */
export interface ProblemText {
  /** Its name in a few words. */
  readonly title: string;
  /** What happened, one sentence without a period. */
  readonly meaning: string;
  /** What to do, one sentence without a period. */
  readonly remedy: string;
}

/** A problem: what it is, what to do about it, and where more is written. */
export interface Problem extends Readonly<Record<Language, ProblemText>> {
  /** The one command that shows more or mends it; HOST, LINE, NAME and FOLDER stand for values of the case. */
  readonly next: string;
  /** Page of the runbook; absent if it has the name of the problem. */
  readonly page?: string;
  /**
   * The shipped alert rule that notifies of it, or of what it leads to while a run is under way; absent if only
   * `doctor` finds it. A monitor then notifies of the check that does.
   */
  readonly alert?: string;
}
