import type { Clock, Random } from "../base/mod.ts";
import type { BreakerRules } from "./breaker/breaker_rules.ts";
import type { FailsafeEvent } from "./failsafe_event.ts";
import type { ModeRules } from "./ladder/mode_rules.ts";

/** Options of `Failsafe`. */
export interface FailsafeOptions {
  /**
   * Returns those rules of a key's breaker that differ from the defaults. Called when the key is first used.
   *
   * @default {the default rules for all keys}
   */
  readonly rulesFor?: ((key: string) => Partial<BreakerRules>) | undefined;
  /** Rules of the ladder that differ from the defaults, including its modes (`rungs`). */
  readonly modes?: Partial<ModeRules> | undefined;
  /** The fastest mode that this process may use; the shared ladder itself may be in a faster one. */
  readonly ceiling?: string | undefined;
  /** The mode that this process always uses, regardless of the ladder, and the reason for it. */
  readonly force?: { readonly mode: string; readonly reason: string } | undefined;
  /**
   * Whether this process moves the ladder according to its observations. A process that only shows the status, or that
   * runs a manual command, does not know the bounds, groups and rules of the working processes and should leave the
   * steps to them. It still ends a hold when its time is over.
   *
   * @default {true}
   */
  readonly steers?: boolean | undefined;
  /**
   * Maps a key to a group of keys that can replace each other. A group is unavailable when the breakers of all its
   * recently used keys are open or half-open, a call to one of them recently failed or was refused, and no bytes arrive
   * from them.
   *
   * @default {"every host" for all keys}
   */
  readonly groupOf?: ((key: string) => string) | undefined;
  /**
   * Whether a key's calls and its breaker move the ladder.
   *
   * @default {true for all keys}
   */
  readonly movesMode?: ((key: string) => boolean) | undefined;
  /**
   * Returns how long this process has waited for bytes without receiving any, in milliseconds; 0 while bytes arrive or
   * nothing waits for them. A long silence moves the ladder, unless bytes arrive in another process.
   *
   * @default {always 0}
   */
  readonly silentMs?: (() => number) | undefined;
  /**
   * Called with each transition in the process that made it. It must be quick, because other processes wait for the
   * lock in the meantime. An error that it throws becomes a warning. Transitions of a process without `onEvent` are
   * reported by the next process that sets it.
   */
  readonly onEvent?: ((event: FailsafeEvent) => void) | undefined;
  /** Called once for each kind of problem, when the state cannot be read or written. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * Flush transitions to the disk before they are reported.
   *
   * @default {true}
   */
  readonly durable?: boolean | undefined;
  /**
   * How long to wait for another process that holds the lock of the state, in milliseconds. After that, the process
   * briefly continues without the shared state.
   *
   * @default {200}
   */
  readonly lockWaitMs?: number | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Random source for the jitter; tests pass a fake one.
   *
   * @default {Math.random}
   */
  readonly random?: Random | undefined;
}
