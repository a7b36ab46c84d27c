import type { Admission, FailsafeStatus } from "../../../failsafe/mod.ts";
import { PausedError } from "./paused_error.ts";

/** The part of the failsafe that a run uses; see `Failsafe` in `lib/failsafe`. */
export interface RunFailsafe {
  /** Current mode: the name of a profile, or `paused`. */
  readonly mode: string;
  /** Ask the breaker of a host whether a request may be sent now. */
  admit(key: string): Admission;
  /** Current state of mode and breakers, with reasons. */
  status(): FailsafeStatus;
}

/** Throw a {@linkcode PausedError} if the failsafe has paused; otherwise do nothing. */
export function assertNotPaused(failsafe: Pick<RunFailsafe, "mode" | "status"> | undefined): void {
  if (failsafe?.mode === "paused") throw new PausedError(failsafe.status().mode);
}
