/** How one download of a measured arm ended. */
export type ArmOutcome =
  | { readonly type: "ok" }
  /** It failed, and what was asked is at fault, not what was asked for. */
  | { readonly type: "error" }
  /** An attempt timed out or stalled, whether or not a later one succeeded. */
  | { readonly type: "timeout" }
  /** It was complete and had the wrong content. */
  | { readonly type: "integrity" };

/** The downloads of one arm since the share last changed. */
export interface ArmRecord {
  /** Downloads that ended well. */
  readonly ok: number;
  /** Downloads that failed. */
  readonly errors: number;
  /** Downloads in which an attempt timed out. */
  readonly timeouts: number;
  /** Downloads whose content was wrong. */
  readonly integrity: number;
}

/** A record without downloads. */
export const EMPTY_ARM: ArmRecord = { ok: 0, errors: 0, timeouts: 0, integrity: 0 };

/**
 * Add a download to a record.
 *
 * @param record The record
 * @param outcome How the download ended
 * @returns The new record
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addOutcome, EMPTY_ARM } from "@civitai-dl/civitai-dl/rollout";
 *
 * const record = addOutcome(EMPTY_ARM, { type: "timeout" });
 * assertEquals([record.ok, record.timeouts], [0, 1]);
 * ```
 */
export function addOutcome(record: ArmRecord, outcome: ArmOutcome): ArmRecord {
  switch (outcome.type) {
    case "ok":
      return { ...record, ok: record.ok + 1 };
    case "error":
      return { ...record, errors: record.errors + 1 };
    case "timeout":
      return { ...record, timeouts: record.timeouts + 1 };
    case "integrity":
      return { ...record, integrity: record.integrity + 1 };
  }
}

/** Number of downloads of an arm. */
export function countDownloads({ ok, errors, timeouts, integrity }: ArmRecord): number {
  return ok + errors + timeouts + integrity;
}

/** Number of downloads that did not end well. */
export function countFailures({ errors, timeouts, integrity }: ArmRecord): number {
  return errors + timeouts + integrity;
}
