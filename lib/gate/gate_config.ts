import type { Requirement } from "./requirement.ts";

/** Whether a condition decides (`error`), is only told (`warn`), or is left out (`off`). */
export type GateLevel = "error" | "warn" | "off";

/** What evidence must be like to be believed. */
export interface EvidenceDemand {
  /** The kind of report, such as `civitai-dl/stability`. */
  readonly schema: string;
  /** It must not be older, in milliseconds; `null` for any age. */
  readonly maxAgeMs: number | null;
  /** It must be of this commit, or of one since which no source has changed. */
  readonly sameCommit: boolean;
  /** Paths that such reports are made from; `null` if all sources matter. */
  readonly sources: readonly string[] | null;
  /** It must be of a machine with the same processor, cores and architecture. */
  readonly sameMachine: boolean;
  /** It must rest on at least so much work, in milliseconds; 0 for any. */
  readonly minDurationMs: number;
  /** The pauses in it must not be longer in all, in milliseconds; `null` for any. */
  readonly maxPauseMs: number | null;
  /** Fields of the report, with dots, and the values that each may have, such as `settings.toxics` and `mild`. */
  readonly where: Readonly<Record<string, readonly string[]>>;
}

/**
 * How the claims of a report are held against a requirement:
 * `rate` by exact bounds from its counts, `interval` by the ends of its interval, `count` as an exact number, `verdict`
 * as the report itself judged, `run` by every claim that the report makes, `taken` by nothing but that it was measured.
 */
export type ClaimJudge = "rate" | "interval" | "count" | "verdict" | "run" | "taken";

/** Where a condition's numbers come from: a function that the caller gives, or a report. */
export type ConditionSource =
  | {
    readonly type: "check";
    /** The function's name. */
    readonly name: string;
    /** What it is called with. */
    readonly parameters: Readonly<Record<string, unknown>>;
  }
  | {
    readonly type: "evidence";
    /** What the report must be like. */
    readonly demand: EvidenceDemand;
    /** Names of its claims; `*` stands for any text. Each that matches must hold. */
    readonly claims: readonly string[];
    /** How they are judged. */
    readonly judge: ClaimJudge;
  };

/** One condition, with everything that it inherits. */
export interface GateCondition {
  /** Its name, unique in a phase. */
  readonly id: string;
  /** What it is about, one line. */
  readonly title: string;
  /** The phase that brought it in. */
  readonly phase: string;
  /** Whether it decides. */
  readonly level: GateLevel;
  /** Whether it belongs to the part that takes less than two minutes. */
  readonly isQuick: boolean;
  /** What it counts for when there is nothing to judge it by; never for a pass. */
  readonly onNoData: "inconclusive" | "fail";
  /** Where its numbers come from. */
  readonly source: ConditionSource;
  /** What they must be; `null` where the judge needs none. */
  readonly require: Requirement | null;
  /** On fewer trials, runs or things looked at it is not judged. */
  readonly minCount: number;
  /** How sure a bound is to be. */
  readonly confidence: number;
  /** A check that takes longer fails, in milliseconds. */
  readonly timeoutMs: number;
  /** What would produce what is missing; empty if nothing does. */
  readonly command: string;
}

/** One phase, as it is written: only what it adds or changes. */
export interface GatePhase {
  /** Its name, such as `3`. */
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** The phase whose conditions it takes over; `null` for the first. */
  readonly extends: string | null;
  /** All conditions, inherited ones first. */
  readonly conditions: readonly GateCondition[];
}

/** What `config/phases.yml` says. */
export interface GateConfig {
  /** Paths from the root; a report of another commit is believed if none of them differs. */
  readonly sources: readonly string[];
  /** By kinds of reports: the paths that those are made from, where that is not all of the sources. */
  readonly sourcesOf: Readonly<Record<string, readonly string[]>>;
  /** In the order of the file. */
  readonly phases: readonly GatePhase[];
}
