import type { BreakerChange } from "./breaker/breaker_step.ts";
import type { ModeChange } from "./ladder/decide_mode.ts";

/** Number and time of an event. */
export interface FailsafeEventStamp {
  /**
   * Counts the events of a state folder. One process reports an event. Only if that process is killed after reporting
   * it and before recording this, another process reports it again, with the same id.
   */
  readonly id: number;
  /** ISO 8601 UTC. */
  readonly time: string;
}

/** A transition of a breaker or of the mode. */
export type FailsafeEvent =
  & FailsafeEventStamp
  & (({ readonly type: "breaker"; readonly key: string } & BreakerChange) | ({ readonly type: "mode" } & ModeChange));

/** A transition that has no id and time yet. */
export type FailsafeChange =
  | ({ readonly type: "breaker"; readonly key: string } & BreakerChange)
  | ({ readonly type: "mode" } & ModeChange);
