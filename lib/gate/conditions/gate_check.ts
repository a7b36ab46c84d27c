import type { GateProblem } from "./gate_report.ts";

/** The numbers that a check found. */
export interface CheckResult {
  /** The number to compare with the requirement, such as the number of failed tests, or a fraction from 0 to 1. */
  readonly value: number;
  /** Number of examined items. Fewer than the condition's `minCount` is a failure, even if no problem was found. */
  readonly count: number;
  /** What was counted, such as `tests executed`. */
  readonly unit: string;
  /** Value and count in words, such as `2 of 800 tests failed`. */
  readonly measured: string;
  /** The individual problems, for the report. */
  readonly problems: readonly GateProblem[];
  /** Why the numbers allow both answers; the condition is then inconclusive. Absent if they decide. */
  readonly doubt?: string | undefined;
}

/** Options of a {@linkcode GateCheck}. */
export interface GateCheckOptions {
  /** Aborts when the condition's time limit has expired, or when the user stops the gate. */
  readonly signal: AbortSignal;
}

/**
 * A function that examines the project and counts. If it throws within its time limit, the condition is
 * `not evaluated`; that includes a `SyntaxError` or `TypeError` about its parameters.
 */
export type GateCheck = (
  parameters: Readonly<Record<string, unknown>>,
  options: GateCheckOptions,
) => Promise<CheckResult>;
