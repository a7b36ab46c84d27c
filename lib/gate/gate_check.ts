import type { GateProblem } from "./gate_report.ts";

/** What a check counted. */
export interface CheckReading {
  /** The number that is held against the requirement, such as failed tests, or a share from 0 to 1. */
  readonly value: number;
  /** How many things were looked at; too few of them is a failure, however clean they are. */
  readonly count: number;
  /** What was looked at, such as `tests executed`. */
  readonly unit: string;
  /** Number and count in words, such as `2 of 800 tests failed`. */
  readonly measured: string;
  /** What is wrong, one by one. */
  readonly problems: readonly GateProblem[];
}

/** What a check is told besides its parameters. */
export interface GateCheckOptions {
  /** Aborts when it takes too long, or when the user asks to stop. */
  readonly signal: AbortSignal;
}

/**
 * A function that looks at the project and counts. What it throws means that it could not look: a `SyntaxError` or
 * `TypeError` about its parameters included.
 */
export type GateCheck = (
  parameters: Readonly<Record<string, unknown>>,
  options: GateCheckOptions,
) => Promise<CheckReading>;
