import type { ErrorCode } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";

/** The day's own limits leave no room: a stop for safety's sake, to be gone on with at a known time. */
export class DayQuotaError extends FailureError {
  /** The name that stack traces print. */
  override name = "DayQuotaError";
  /** A safety stop, unlike the server's own quota. */
  override readonly code: ErrorCode = "unsafe";

  /**
   * Make one.
   *
   * @param state What is used up, and what it was needed for
   * @param nextMs When there is room again, milliseconds since the epoch
   */
  constructor(state: string, nextMs: number) {
    // To the minute above, so that who comes at that time finds room.
    const next = new Date(Math.ceil(nextMs / 60_000) * 60_000);
    const until = next.toISOString();
    const clock = [next.getHours(), next.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
    super("quota", `${state}; next at ${clock}`, {
      until,
      retryable: false,
      hint: `Run the same command again then (${until.slice(0, 16)}Z); it goes on where it stopped`,
    });
  }
}
