import type { Bilingual, Clock, Random } from "../base/mod.ts";
import type { BreakerRules } from "./breaker/breaker_rules.ts";
import type { FailsafeEvent } from "./failsafe_event.ts";
import type { ModeRules } from "./ladder/mode_rules.ts";

/** Options of `Failsafe`. */
export interface FailsafeOptions {
  /** Rules of the breakers that differ from the defaults. */
  readonly breakers?: Partial<BreakerRules> | undefined;
  /** Rules of the ladder that differ from the defaults, including its modes (`rungs`). */
  readonly modes?: Partial<ModeRules> | undefined;
  /** The fastest mode that this process may use; the ladder itself may be in a faster one. */
  readonly ceiling?: string | undefined;
  /** The mode that this process always uses, regardless of the ladder, and the flag or variable that says so. */
  readonly force?: { readonly mode: string; readonly reason: string } | undefined;
  /**
   * Maps a key to the name of a group of keys that can replace each other, in one text or in each language. A group is unavailable when the breakers of all its
   * recently used keys are open or half-open, a call to one of them recently failed or was refused, and no bytes arrive
   * from them.
   *
   * @default {"every host" for all keys}
   */
  readonly groupOf?: ((key: string) => string | Bilingual) | undefined;
  /**
   * Whether a key's calls and its breaker move the ladder.
   *
   * @default {true for all keys}
   */
  readonly movesMode?: ((key: string) => boolean) | undefined;
  /**
   * Returns how long this process has waited for bytes without receiving any, in milliseconds; 0 while bytes arrive or
   * nothing waits for them. A long silence moves the ladder.
   *
   * @default {always 0}
   */
  readonly silentMs?: (() => number) | undefined;
  /** Called with each transition, after it was written. An error that it throws becomes a warning. */
  readonly onEvent?: ((event: FailsafeEvent) => void) | undefined;
  /** Called when the state or a request cannot be read, and once while the state cannot be written. */
  readonly onWarning?: ((message: string) => void) | undefined;
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
