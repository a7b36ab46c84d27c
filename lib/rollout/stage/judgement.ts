/** What the judge decides about: the criteria in the order in which they are shown. */
export type CriterionName = "integrity" | "failures" | "samples" | "speed";

/** One criterion of the judge. */
export interface Criterion {
  /** What is judged. */
  readonly name: CriterionName;
  /** `fail` aborts; all must `pass` to advance. */
  readonly verdict: "pass" | "fail" | "unknown";
  /** Why, with the figures. */
  readonly reason: string;
}

/** Figures of one arm. */
export interface ArmFigures {
  /** Number of downloads. */
  readonly n: number;
  /** Downloads that ended well. */
  readonly ok: number;
  /** Downloads that failed. */
  readonly errors: number;
  /** Downloads in which an attempt timed out. */
  readonly timeouts: number;
  /** Downloads whose content was wrong. */
  readonly integrity: number;
  /** Log-likelihood ratio of the sequential test of its failures. */
  readonly logRatio: number;
}

/** The decision about a stage, with everything that it follows from. */
export interface Judgement {
  /** Whether the rollout may advance, must stay, or must be aborted. */
  readonly verdict: "advance" | "hold" | "abort";
  /** The decision in words, with the figures. */
  readonly reason: string;
  /** Each criterion. */
  readonly criteria: readonly Criterion[];
  /** Figures of the arm that gets what is rolled out. */
  readonly canary: ArmFigures;
  /** Figures of the arm that it is compared with. */
  readonly baseline: ArmFigures;
  /** Bounds of the sequential test: at or below `lower` the canary is healthy, at or above `upper` it fails. */
  readonly bounds: { readonly lower: number; readonly upper: number };
  /** Comparisons of the speed of both arms. */
  readonly speed: {
    /** Number of comparisons. */
    readonly comparisons: number;
    /** Comparisons in which the canary was slower by more than the plan allows. */
    readonly slow: number;
    /** Speed of the canary as a multiple of the baseline's, median of the last comparisons; `null` without any. */
    readonly ratio: number | null;
    /** Log-likelihood ratio of the sequential test of the slow comparisons. */
    readonly logRatio: number;
    /** Bounds of that test: at or below `lower` the canary is fast enough, at or above `upper` it is slow. */
    readonly bounds: { readonly lower: number; readonly upper: number };
  };
}
