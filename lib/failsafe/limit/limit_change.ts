import type { LimitReason } from "./limit_decision.ts";

/** One change of a limit. */
export interface LimitChange {
  /** Name of the host. */
  readonly host: string;
  /** The limit before the change. */
  readonly from: number;
  /** The limit after the change. */
  readonly to: number;
  /** Why it changed. */
  readonly reason: LimitReason;
}
