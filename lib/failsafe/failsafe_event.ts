import type { BreakerChange } from "./breaker/breaker_step.ts";
import type { ModeChange } from "./ladder/decide_mode.ts";

/** Number and time of an event. */
export interface FailsafeEventStamp {
  /**
   * Number of the event in its state folder. Each event is reported by one process. If that process is killed after
   * reporting an event and before recording this, another process reports the event again, with the same ID.
   */
  readonly id: number;
  /** ISO 8601 UTC. */
  readonly time: string;
}

/** A transition of a breaker or of the mode. */
export type FailsafeEvent =
  & FailsafeEventStamp
  & (({ readonly type: "breaker"; readonly key: string } & BreakerChange) | ({ readonly type: "mode" } & ModeChange));

/** A transition that does not have an ID and a time yet. */
export type FailsafeChange =
  | ({ readonly type: "breaker"; readonly key: string } & BreakerChange)
  | ({ readonly type: "mode" } & ModeChange);
