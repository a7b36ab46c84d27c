import type { BreakerChange } from "./state/breaker_step.ts";
import type { ModeChange } from "./ladder/decide_mode.ts";

/** A transition of a breaker or of the mode that does not have a time yet. */
export type FailsafeChange =
  | ({ readonly type: "breaker"; readonly key: string } & BreakerChange)
  | ({ readonly type: "mode" } & ModeChange);

/** A transition of a breaker or of the mode. */
export type FailsafeEvent = FailsafeChange & {
  /** ISO 8601 UTC. */
  readonly time: string;
};
