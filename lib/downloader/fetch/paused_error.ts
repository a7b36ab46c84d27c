import { KitError } from "../../base/mod.ts";
import type { ModeStatus } from "../../failsafe/mod.ts";

/** The failsafe lets nothing be done; what was begun stays resumable. */
export class PausedError extends KitError {
  /** The name that stack traces print. */
  override name = "PausedError";

  /**
   * Make one.
   *
   * @param mode Why, and until when
   */
  constructor(mode: Pick<ModeStatus, "reason" | "nextCheck">) {
    const until = mode.nextCheck === null ? "" : ` until ${mode.nextCheck}`;
    super("network", `Paused by the failsafe${until}: ${mode.reason}`, {
      hint:
        "Nothing is lost: run again then to go on. `civitai-dl failsafe status` says more, `failsafe reset` ends it",
    });
  }
}
