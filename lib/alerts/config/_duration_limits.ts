/** Limits of a duration. */
export interface DurationLimit {
  readonly min: string;
  readonly max: string;
  /** A valid or usual value, for the error message. */
  readonly hint: string;
}

/**
 * Limits by key. A window of more than 30 days would find no more data: the metrics journal holds at most 40 MiB, and no
 * report covers a longer period. A notification that is repeated less than once a year is useless.
 */
export const DURATION_LIMITS = {
  window: { min: "1s", max: "30d", hint: "Write 5m; no metrics are kept for longer than 30d" },
  for: { min: "0s", max: "30d", hint: "Write 1m" },
  keepFiringFor: { min: "0s", max: "30d", hint: "Write 5m" },
  groupWait: { min: "0s", max: "7d", hint: "5m is usual, 0s sends at once" },
  repeatInterval: { min: "1m", max: "366d", hint: "4h is usual" },
} as const satisfies Readonly<Record<string, DurationLimit>>;

/** A key that takes a duration. */
export type DurationKey = keyof typeof DURATION_LIMITS;
