import type { LockHolder } from "../../base/mod.ts";
import type { StatusDocument } from "../../status/mod.ts";

/** Limits that the user set. */
export interface StatusLimits {
  /** The limit of `--limit-rate`, as it was written; `null` without one. */
  readonly rate: string | null;
  /** `--quota` and what is used of it in the last 24 hours; `null` without a limit. */
  readonly quota: {
    readonly links: number | null;
    readonly bytes: number | null;
    readonly usedLinks: number;
    readonly usedBytes: number;
    /** When a link fits in again, ISO 8601 UTC; `null` if one fits now. */
    readonly until: string | null;
  } | null;
}

/** The API key, never its value. */
export interface StatusKey {
  /** Where the key comes from, such as `CIVITAI_API_KEY` or a file; `null` if there is none. */
  readonly source: string | null;
  /** Why it cannot be read; `null` if it can, or if there is none. */
  readonly problem: string | null;
  /** What the last run that used a key learnt of it; `null` if none did. */
  readonly state: "accepted" | "rejected" | null;
}

/**
 * What the command `status` prints: the document of the live page, and what only a command knows. It needs no monitor,
 * and changes nothing in the library.
 */
export interface StatusReport extends StatusDocument {
  /** The run that works on the library, whatever its command; `null` if none does. */
  readonly holder: LockHolder | null;
  /** The monitor that follows the log; `null` if none does. */
  readonly monitor: LockHolder | null;
  /** When the alert rules were last evaluated, ISO 8601 UTC; `null` if never. The alerts are of this time. */
  readonly evaluatedAt: string | null;
  /** Limits that the user set. */
  readonly limits: StatusLimits;
  /** Where the API key comes from. */
  readonly key: StatusKey;
}
