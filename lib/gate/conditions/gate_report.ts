import type { Verdict, WholeVerdict } from "../../judge/mod.ts";

/** One problem that a check or a claim found. */
export interface GateProblem {
  /** What is wrong, in one line. */
  readonly message: string;
  /** Path of the file, relative to the root of the project; for a claim, the name of the report. */
  readonly file?: string | undefined;
  /** Line number, from 1. */
  readonly line?: number | undefined;
  /** Column number, from 1. */
  readonly column?: number | undefined;
  /** The violated rule, such as `no-unused-vars`. */
  readonly rule?: string | undefined;
}

/** The result of one condition, for reports. */
export interface GateRow {
  /** Name of the condition. */
  readonly id: string;
  /** What the condition is about, in one line. */
  readonly title: string;
  /** Name of the phase that introduced the condition. */
  readonly phase: string;
  /** The result of the condition itself. */
  readonly verdict: Verdict;
  /** The requirement in words. */
  readonly required: string;
  /** The measured number in words, with bound and count; empty if nothing was measured. */
  readonly measured: string;
  /** Number of trials, runs or files; `null` if nothing was measured. */
  readonly count: number | null;
  /** The point estimate or the exact number; `null` if nothing was measured. */
  readonly estimate: number | null;
  /** The bound that decided; `null` for exact numbers. */
  readonly bound: number | null;
  /** Reason for the verdict, if the numbers do not show it; otherwise empty. */
  readonly reason: string;
  /**
   * Name of the report that decided: of the one that fails, otherwise of the strongest, which worked longest; `null` for
   * checks, or if there is no report.
   */
  readonly evidence: string | null;
  /** The individual problems. */
  readonly problems: readonly GateProblem[];
  /**
   * The other reports that were judged, each of which can make the condition fail: file name, and what it says. One that
   * is unfinished, short, or made with other settings is among them; it can refute, but not prove.
   */
  readonly others: readonly string[];
  /** Every other report of the same kind, none of which can make the condition fail: file name, and why not. */
  readonly passedOver: readonly string[];
  /** The command that produces missing evidence or shows the failure; empty if there is none. */
  readonly command: string;
  /** Duration of the evaluation. */
  readonly seconds: number;
}

/** The result of a gate. */
export interface GateReport {
  /** Name of the judged phase. */
  readonly phase: string;
  /** What the phase is about, in one line. */
  readonly title: string;
  /** The verdict over all judged conditions: missing evidence is never a pass. */
  readonly verdict: WholeVerdict;
  /** The verdict on the phase: a part of its conditions can make it fail, but not pass. */
  readonly phaseVerdict: WholeVerdict;
  /** Whether only a selection of the phase's conditions was judged. If so, `verdict` does not apply to the phase. */
  readonly isPartial: boolean;
  /** Whether the gate was stopped before it had judged all conditions; it does not pass then. */
  readonly isStopped: boolean;
  /** Names of the conditions that were not selected. */
  readonly leftOut: readonly string[];
  /** Remarks on the conditions, such as where they come from; empty if there are none. */
  readonly notes: readonly string[];
  /** Hash of the commit in the working folder; empty without git. */
  readonly commit: string;
  /** Whether sources differ from that commit; `null` without git. */
  readonly isDirty: boolean | null;
  /** Start of the gate, ISO 8601 UTC. */
  readonly startedAt: string;
  /** Time of the verdict, ISO 8601 UTC. */
  readonly at: string;
  /** One row per judged condition, in the phase's order. */
  readonly rows: readonly GateRow[];
}
