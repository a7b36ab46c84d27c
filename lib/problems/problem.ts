import type { Language } from "../base/mod.ts";

/**
 * How urgent a problem is: a critical one stops or endangers the work until somebody acts; of the others, the program
 * takes care itself for now. `doctor` fails or warns by it, and the alert about a problem has it.
 */
export type ProblemSeverity = "critical" | "warning";

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
  /** The one command that shows more or mends it; words in capital letters, such as HOST, stand for values of the case. */
  readonly next: string;
  /** The command after that, once the trouble is out of the way; absent if the first one is enough. */
  readonly then?: string;
  /** How urgent it is. */
  readonly severity: ProblemSeverity;
  /** Page of the runbook; absent if it has the name of the problem. */
  readonly page?: string;
  /**
   * The shipped alert rule that notifies of it, or of what it leads to while a run is under way; absent if only
   * `doctor` finds it. A monitor then notifies of the check that does.
   */
  readonly alert?: string;
}
