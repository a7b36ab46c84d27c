import { KitError } from "../../../base/mod.ts";
import type { ModeStatus, Reason } from "../../../failsafe/mod.ts";

/**
 * Thrown when the failsafe has paused all requests; files in progress stay resumable.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PausedError } from "@civitai-dl/civitai-dl/downloader";
 *
 * const error = new PausedError({
 *   reason: "every host has failed for 5m",
 *   ja: { reason: "すべてのホストが 5 分にわたって失敗し続けています" },
 *   nextCheck: "2026-01-01T12:00:00.000Z",
 * });
 * assertEquals(error.message, "Paused by the failsafe until 2026-01-01T12:00:00.000Z: every host has failed for 5m");
 * ```
 */
export class PausedError extends KitError {
  /** The name that stack traces print. */
  override name = "PausedError";

  /** Why the failsafe paused, and until when a run ends at once; `until` is `null` if that is not known. */
  readonly pause: Reason & { readonly until: string | null };

  /**
   * Build the message from the status of the failsafe.
   *
   * @param mode Reason for the pause, and the time of the next check; `null` if none is due
   */
  constructor(mode: Reason & Pick<ModeStatus, "nextCheck">) {
    const until = mode.nextCheck === null ? "" : ` until ${mode.nextCheck}`;
    super("network", `Paused by the failsafe${until}: ${mode.reason}`, {
      hint: until === ""
        ? "Nothing is lost; `civitai-dl failsafe` shows details, `civitai-dl failsafe reset` ends the pause"
        : `Nothing is lost: a run before ${mode.nextCheck} ends at once, a later one continues; \`civitai-dl failsafe reset\` ends the pause now`,
    });
    this.pause = { reason: mode.reason, ja: { reason: mode.ja.reason }, until: mode.nextCheck };
  }
}
