import type { GateLevel } from "./gate_config.ts";

/**
 * What became of one condition. `not evaluated` is for missing evidence and for what could not be run; neither it nor
 * `inconclusive` is ever a pass.
 */
export type GateVerdict = "pass" | "fail" | "inconclusive" | "not evaluated";

/** One thing that is wrong, with its place where it has one. */
export interface GateProblem {
  /** What is wrong. */
  readonly message: string;
  /** The file, from the project's root. */
  readonly file?: string | undefined;
  /** Counted from 1. */
  readonly line?: number | undefined;
  /** Counted from 1. */
  readonly column?: number | undefined;
  /** The rule that says so, such as `no-unused-vars`. */
  readonly rule?: string | undefined;
}

/** One condition after it was looked at. */
export interface GateRow {
  /** The condition. */
  readonly id: string;
  /** What it is about. */
  readonly title: string;
  /** The phase that brought it in. */
  readonly phase: string;
  /** Whether it decides. */
  readonly level: GateLevel;
  /** What became of it. */
  readonly verdict: GateVerdict;
  /** Whether the gate counts it as failed: it did, or there is nothing to judge it by and that counts so. */
  readonly countsAs: "pass" | "fail" | "inconclusive" | "nothing";
  /** What was asked for, for a person. */
  readonly required: string;
  /** What was found, with bound and count, for a person. */
  readonly measured: string;
  /** What it rests on: trials, runs, files; `null` if nothing was measured. */
  readonly count: number | null;
  /** The point estimate or exact number; `null` if nothing was measured. */
  readonly estimate: number | null;
  /** The bound that decided; `null` for exact numbers. */
  readonly bound: number | null;
  /** Why it is so, where the numbers do not say it. */
  readonly reason: string;
  /** The report that was read; `null` for checks. */
  readonly evidence: string | null;
  /** What is wrong, one by one. */
  readonly problems: readonly GateProblem[];
  /** Reports of the same kind that are not believed, beside one that is: each a file and why. */
  readonly passedOver: readonly string[];
  /** What would produce what is missing, or show the failure; empty if nothing does. */
  readonly command: string;
  /** How long it took. */
  readonly seconds: number;
}

/** What a gate found. */
export interface GateReport {
  /** The phase that was judged. */
  readonly phase: string;
  /** Its title. */
  readonly title: string;
  /** Of all conditions that decide. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** Whether only some of the phase's conditions were looked at: then it says nothing of the phase. */
  readonly isPartial: boolean;
  /** Conditions that were left out by the selection. */
  readonly leftOut: readonly string[];
  /** The commit in the working folder; empty without git. */
  readonly commit: string;
  /** Whether sources differ from the commit; `null` without git. */
  readonly isDirty: boolean | null;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** One row a condition, in the order of the file. */
  readonly rows: readonly GateRow[];
}
