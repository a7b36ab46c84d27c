import type { Requirement } from "../../judge/mod.ts";

/** The demands of a condition on a report. */
export interface EvidenceDemand {
  /** The kind of report, such as `civitai-dl/stability`. */
  readonly schema: string;
  /** Maximum age in milliseconds; `null` for any age. */
  readonly maxAgeMs: number | null;
  /** Whether the report must be of this commit, or of a commit since which no source has changed. */
  readonly sameCommit: boolean;
  /** The paths that such reports depend on; `null` for all. */
  readonly sources: readonly string[] | null;
  /** Whether the report must come from a machine with the same processor, number of cores and architecture. */
  readonly sameMachine: boolean;
  /** Minimum working time, excluding pauses, in milliseconds; 0 for any. */
  readonly minDurationMs: number;
  /** Maximum total duration of the pauses, in milliseconds; `null` for any. */
  readonly maxPauseMs: number | null;
  /**
   * What the claims are about: paths of fields in the report, joined by dots, and their permitted values, such as
   * `settings.toxics` and `mild`. A claim that failed in a report with other values does not fail the condition.
   */
  readonly where: Readonly<Record<string, readonly string[]>>;
  /** The same by name of a claim, in which `*` stands for any text, in place of `where`; one that matches is enough. */
  readonly whereOf: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** What a report must have, in addition to `where`, to prove anything; one with other values can only refute. */
  readonly proofWhere: Readonly<Record<string, readonly string[]>>;
}

/** The source of a condition's numbers: a function of the caller, or a report. */
export type ConditionSource =
  | {
    readonly type: "check";
    /** Name of the function in `RunGateOptions.checks`. */
    readonly name: string;
    /** The first argument of the function. */
    readonly parameters: Readonly<Record<string, unknown>>;
  }
  | {
    readonly type: "evidence";
    /** The demands on the report. */
    readonly demand: EvidenceDemand;
    /**
     * Names of the report's claims; `*` stands for any text. Each name must match a claim, and each matching claim must
     * pass.
     */
    readonly claims: readonly string[];
  };

/** One condition, with defaults filled in. */
export interface GateCondition {
  /** Name of the condition, unique in a phase. */
  readonly id: string;
  /** What the condition is about, in one line. */
  readonly title: string;
  /** Name of the phase that introduced the condition. */
  readonly phase: string;
  /** Whether `--quick` includes the condition; all such conditions together take a few minutes. */
  readonly isQuick: boolean;
  /** The source of the numbers. */
  readonly source: ConditionSource;
  /** The requirement on the numbers; `null` for what each claim of a report says itself. */
  readonly require: Requirement | null;
  /**
   * Required number of trials, runs or examined items. With fewer, a check fails and a claim cannot pass; it can still
   * fail.
   */
  readonly minCount: number;
  /** What `minCount` counts, in the plural, such as `downloads`; empty if the file does not say. */
  readonly counted: string;
  /** Time limit of a check in milliseconds; a check that takes longer fails. */
  readonly timeoutMs: number;
  /** The command that produces missing evidence; empty if there is none. */
  readonly command: string;
}

/** One phase, with its inherited conditions. */
export interface GatePhase {
  /** Name of the phase, such as `3`. */
  readonly name: string;
  /** What the phase is about, in one line. */
  readonly title: string;
  /** Name of the phase whose conditions it inherits; `null` if it extends none. */
  readonly extends: string | null;
  /** All conditions: inherited ones first, then those that it adds. */
  readonly conditions: readonly GateCondition[];
}

/** The content of `config/phases.yml`. */
export interface GateConfig {
  /** Paths of the sources, relative to the root. A report of another commit is accepted if none of them differs. */
  readonly sources: readonly string[];
  /** The paths that reports depend on, by kind of report, for kinds that do not depend on all sources. */
  readonly sourcesOf: Readonly<Record<string, readonly string[]>>;
  /** The phases, in the order of the file. */
  readonly phases: readonly GatePhase[];
}
