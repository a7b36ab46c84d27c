import type { ErrorCode, KitError } from "../../base/mod.ts";
import { type FailureClass, FailureError } from "../../failsafe/mod.ts";
import type { FlaggedFile } from "../plan/report/plan_report.ts";
import { DayQuotaError } from "../quota/day_quota_error.ts";
import type { ItemOutcome } from "../download_event.ts";
import { NoRoomError } from "./limits/disk_space.ts";
import { PausedError } from "./limits/paused_error.ts";

/** An item that failed, for the summary and `failed.txt`. */
export interface FailedItem {
  /** The catalog's key. */
  readonly key: string;
  /** Target that fetches the item again. */
  readonly target: string;
  /** Path that its file would have, relative to the library. */
  readonly path: string;
  /** Class of the last failure. */
  readonly failure: FailureClass;
  /** Message of the last failure, for the user. */
  readonly message: string;
}

/** Result of one run. */
export interface RunSummary {
  /** Number of items by outcome; outcomes that did not occur are absent. */
  readonly outcomes: Readonly<Partial<Record<ItemOutcome, number>>>;
  /** Bytes received from the network. */
  readonly fetchedBytes: number;
  /** Bytes reused from parts of earlier runs. */
  readonly resumedBytes: number;
  /** Duration of the run, in milliseconds. */
  readonly durationMs: number;
  /** Mean speed over the whole run, in bytes per second. */
  readonly meanSpeed: number;
  /** Speed in the fastest second, in bytes per second. */
  readonly peakSpeed: number;
  /** Attempts after the first: of files, of files in later passes, and of API requests. */
  readonly retries: number;
  /** The first thousand items that failed or were put aside as corrupt; the catalog contains all of them. */
  readonly failed: readonly FailedItem[];
  /** The first hundred files that were flagged after they were fetched. */
  readonly flagged: readonly FlaggedFile[];
  /** What to do about a key that is refused, which depends on where it was found. */
  readonly keyHint: string;
  /** Why the run ended before its queue did, or had no room on the disk for some files; `null` if neither happened. */
  readonly stopped: RunStop | null;
}

/** Why a run ended early. */
export interface RunStop {
  /** Code of the error. */
  readonly code: ErrorCode;
  /** What happened. */
  readonly message: string;
  /** What to do; `null` if nothing is known. */
  readonly hint: string | null;
  /** Class of the failure that ended it; `null` or absent if it was no failure, such as the limit of `--quota`. */
  readonly failure?: FailureClass | null;
  /** Bytes that must be free, beyond the reserve, for at least one file more; absent if the disk had room for all. */
  readonly neededBytes?: number;
  /** The pause of the failsafe that ended it; absent for another end. */
  readonly pause?: PausedError["pause"];
}

/** Say why a run ended with an error. */
export function toStop(error: KitError): RunStop {
  const { code, message, hint = null } = error;
  const isFailure = error instanceof FailureError && !(error instanceof DayQuotaError);
  return {
    code,
    message,
    hint,
    failure: isFailure ? error.failure : null,
    ...error instanceof NoRoomError ? { neededBytes: error.neededBytes } : {},
    ...error instanceof PausedError ? { pause: error.pause } : {},
  };
}

const AUTH: ReadonlySet<FailureClass> = new Set<FailureClass>(["login", "forbidden"]);
const NETWORK: ReadonlySet<FailureClass> = new Set<FailureClass>([
  "timeout",
  "stall",
  "connection",
  "dns",
  "tls",
  "server",
  "throttled",
  "quota",
  "tripped",
]);

/**
 * Choose the error code of a run: the reason for stopping comes first, then corrupt files, then a cause that all
 * failures share. A run that `--max-time` or `--quota` stopped is judged by the items processed until then, and is
 * `inconclusive` if none failed.
 *
 * @param summary Outcomes, failed items and the reason for stopping
 * @returns The error code; `null` when no item failed and nothing stopped the run
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { judgeRun } from "@civitai-dl/civitai-dl/downloader";
 *
 * assertEquals(judgeRun({ failed: [], outcomes: { done: 3 }, stopped: null }), null);
 * const item = { key: "file:2:3", target: "version:2", path: "models/a.safetensors" };
 * const failed = [{ ...item, failure: "login", message: "Cannot fetch version 2: 401" }] as const;
 * assertEquals(judgeRun({ failed, outcomes: { failed: 1 }, stopped: null }), "auth");
 * ```
 */
export function judgeRun(summary: Pick<RunSummary, "failed" | "outcomes" | "stopped">): ErrorCode | null {
  const stop = summary.stopped?.code ?? null;
  const classes = summary.failed.map((item) => item.failure);
  if (classes.length === 0 || (stop !== null && stop !== "inconclusive")) return stop;
  if (classes.some((name) => name === "integrity")) return "integrity";
  if (classes.every((name) => AUTH.has(name))) return "auth";
  if (classes.every((name) => NETWORK.has(name))) return "network";
  return "failed";
}
