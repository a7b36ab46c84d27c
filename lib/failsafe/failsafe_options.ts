import type { Clock, Random } from "../base/mod.ts";
import type { BreakerRules } from "./breaker/breaker_rules.ts";
import type { FailsafeEvent } from "./failsafe_event.ts";
import type { FailureClass } from "./failure/failure.ts";
import type { FailureWeight } from "./failure/failure_weight.ts";
import type { ModeRules } from "./ladder/mode_rules.ts";

/** Options of `Failsafe`. */
export interface FailsafeOptions {
  /**
   * What differs from the default rules for a key's breaker; asked for when the key is first used.
   *
   * @default {no difference for any key}
   */
  readonly rulesFor?: ((key: string) => Partial<BreakerRules>) | undefined;
  /** What differs from the default rules of the ladder, its rungs included. */
  readonly modes?: Partial<ModeRules> | undefined;
  /** The boldest rung that this process may use; the shared ladder itself may stand higher. */
  readonly ceiling?: string | undefined;
  /** The rung that this process uses whatever happens, and why. */
  readonly force?: { readonly mode: string; readonly reason: string } | undefined;
  /**
   * Whether this process moves the ladder by what it sees. One that only looks, or is a person's hand, does not know the
   * bounds, groups and rules of those that work, and leaves the steps to them; what holds by hand ends for it too.
   *
   * @default {true}
   */
  readonly steers?: boolean | undefined;
  /**
   * Keys that stand in for each other: what we depend on is gone when all of a group are open that were used lately.
   *
   * @default {"disk" is a group of its own, all else another, "hosts"}
   */
  readonly groupOf?: ((key: string) => string) | undefined;
  /**
   * Whether a key's calls and its breaker move the ladder.
   *
   * @default {all but "disk", which only ends everything when it is gone}
   */
  readonly movesMode?: ((key: string) => boolean) | undefined;
  /**
   * What a class of failure says about a key.
   *
   * @default {failureWeight, of the disk for "disk", else of a host}
   */
  readonly weigh?: ((failure: FailureClass, key: string) => FailureWeight) | undefined;
  /**
   * Told of each transition, in the process that made it, while the others wait for it: be quick. What it throws
   * becomes a warning. A process without it leaves its transitions to the next one that has it.
   */
  readonly onEvent?: ((event: FailsafeEvent) => void) | undefined;
  /** Told when the state cannot be read or written. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * Flush transitions to the disk before they are told.
   *
   * @default {true}
   */
  readonly durable?: boolean | undefined;
  /**
   * Wait so long for another process that writes the state, in milliseconds; then go on without for a moment.
   *
   * @default {200}
   */
  readonly lockWaitMs?: number | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Dice, as a seam.
   *
   * @default {Math.random}
   */
  readonly random?: Random | undefined;
}
