import type { Clock, Random } from "../base/mod.ts";
import type { BreakerRules } from "./breaker/breaker_rules.ts";
import type { FailsafeEvent } from "./failsafe_event.ts";
import type { FailureClass } from "./failure/failure.ts";
import type { FailureWeight } from "./failure/failure_weight.ts";
import type { ModeRules } from "./ladder/mode_rules.ts";

/** Options of `Failsafe`. */
export interface FailsafeOptions {
  /**
   * Returns the rules of a key's breaker that differ from the defaults; called when the key is first used.
   *
   * @default {no difference for any key}
   */
  readonly rulesFor?: ((key: string) => Partial<BreakerRules>) | undefined;
  /** Rules of the ladder that differ from the defaults, including its modes (`rungs`). */
  readonly modes?: Partial<ModeRules> | undefined;
  /** The fastest mode that this process may use; the shared ladder itself may be in a faster one. */
  readonly ceiling?: string | undefined;
  /** The mode that this process always uses, regardless of the ladder, and the reason for it. */
  readonly force?: { readonly mode: string; readonly reason: string } | undefined;
  /**
   * Whether this process moves the ladder by its observations. A process that only shows the status, or that runs a
   * manual command, does not know the bounds, groups and rules of the working processes and leaves the steps to them.
   * It still ends a hold whose time is over.
   *
   * @default {true}
   */
  readonly steers?: boolean | undefined;
  /**
   * Maps a key to its group, whose keys can replace each other: a group is unavailable when the breakers of all its
   * recently used keys are open.
   *
   * @default {"disk" is a group of its own, all else another, "every host"}
   */
  readonly groupOf?: ((key: string) => string) | undefined;
  /**
   * Whether a key's calls and its breaker move the ladder.
   *
   * @default {all but "disk", which only counts when it is unavailable}
   */
  readonly movesMode?: ((key: string) => boolean) | undefined;
  /**
   * How much a class of failure counts against a key.
   *
   * @default {failureWeight, of the disk for "disk", else of a host}
   */
  readonly weigh?: ((failure: FailureClass, key: string) => FailureWeight) | undefined;
  /**
   * Called with each transition, in the process that made it, while other processes wait for the lock: it must be
   * quick. An error that it throws becomes a warning. Transitions of a process without it are reported by the next
   * process that has it.
   */
  readonly onEvent?: ((event: FailsafeEvent) => void) | undefined;
  /** Called when the state cannot be read or written, once for each kind of problem. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * Flush transitions to the disk before they are reported.
   *
   * @default {true}
   */
  readonly durable?: boolean | undefined;
  /**
   * How long to wait for another process that holds the lock of the state, in milliseconds; after that, the process
   * continues without the shared state for a moment.
   *
   * @default {200}
   */
  readonly lockWaitMs?: number | undefined;
  /**
   * Time source, a seam for tests.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Random source of the jitter, a seam for tests.
   *
   * @default {Math.random}
   */
  readonly random?: Random | undefined;
}
