import type { BreakerChange } from "./breaker/decide_breaker.ts";
import type { ModeChange } from "./ladder/decide_mode.ts";

/** What an event has besides its story. */
export interface FailsafeEventStamp {
  /**
   * Counts the events of a state folder. An event is told by one process; only when that one is killed in the moment
   * between telling and noting that it did, does another tell it again, under the same id.
   */
  readonly id: number;
  /** ISO 8601 UTC. */
  readonly time: string;
}

/** A transition that was made: of a breaker, or of the mode. */
export type FailsafeEvent =
  & FailsafeEventStamp
  & (({ readonly type: "breaker"; readonly key: string } & BreakerChange) | ({ readonly type: "mode" } & ModeChange));

/** A transition that has no number yet. */
export type FailsafeChange =
  | ({ readonly type: "breaker"; readonly key: string } & BreakerChange)
  | ({ readonly type: "mode" } & ModeChange);
