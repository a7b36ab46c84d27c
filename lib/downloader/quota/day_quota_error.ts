import type { ErrorCode } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";

/**
 * Thrown when the user's own daily limits are used up. The run stops as planned, and can continue at a known time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DayQuotaError } from "@civitai-dl/civitai-dl/downloader";
 *
 * const error = new DayQuotaError('Stopped before "a.safetensors": the quota is used up', Date.UTC(2026, 0, 1, 12));
 * assertEquals([error.code, error.until], ["inconclusive", "2026-01-01T12:00:00.000Z"]);
 * ```
 */
export class DayQuotaError extends FailureError {
  /** The name that stack traces print. */
  override name = "DayQuotaError";
  /** A limit that the user set, like `--max-time`; unlike the quota of the server, it needs nobody. */
  override readonly code: ErrorCode = "inconclusive";

  /**
   * Build the message from a state and a time.
   *
   * @param state What is used up, and what it was needed for
   * @param nextMs Time at which the limits have room again, in milliseconds since the epoch
   */
  constructor(state: string, nextMs: number) {
    // Round up to the minute, so that a run started at that time has room.
    const next = new Date(Math.ceil(nextMs / 60_000) * 60_000);
    const until = next.toISOString();
    const day = [next.getFullYear(), next.getMonth() + 1, next.getDate()].map(twoDigits).join("-");
    const clock = [next.getHours(), next.getMinutes()].map(twoDigits).join(":");
    super("quota", `${state}; next at ${day} ${clock}`, {
      until,
      retryable: false,
      hint: `Run the same command again then (${until.slice(0, 16)}Z), or with a higher --quota now; ` +
        "it continues where it stopped",
    });
  }
}

function twoDigits(part: number): string {
  return String(part).padStart(2, "0");
}
