import type { Clock } from "../base/mod.ts";
import { HostLimits, type LimitChange, type LimitOutcome, type Permit } from "../failsafe/mod.ts";
import type { ConnectionGate, ConnectionPermit, Profile } from "../transfer/mod.ts";
import type { DownloadEvent } from "./download_event.ts";

/** Options of {@linkcode createHostLimits}. */
export interface HostLimitsSettings {
  /** Its connections are what a host may have at most. */
  readonly profile: Profile;
  /** Told of each change of a limit. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Measures. */
  readonly clock: Clock;
}

/**
 * Make the limits of a run: each host has one of its own, which falls where the host refuses or slows down, and rises
 * again where there is room.
 *
 * @param settings Ceiling, observer, clock
 * @returns The limits, for the API's client and, by {@linkcode gateOf}, for transfers
 */
export function createHostLimits(settings: HostLimitsSettings): HostLimits {
  const { profile: { connections }, onEvent, clock } = settings;
  const onChange = ({ host, from, to, reason }: LimitChange): void =>
    onEvent({ type: "limit", host, from, to, reason });
  // Four connections are what storages are known to bear: there is nothing to grow into carefully.
  return new HostLimits({ optionsFor: () => ({ ceiling: connections, start: connections, onChange, clock }) });
}

/**
 * Let transfers ask the adaptive limits of hosts for their connections.
 *
 * @param limits Shared by all that talks to hosts
 * @returns The gate
 */
export function gateOf(limits: HostLimits): ConnectionGate {
  return {
    enter: async (host, options) => wrap(await limits.acquire(host, options)),
    tryEnter(host) {
      const permit = limits.of(host).tryAcquire();
      return permit === null ? null : wrap(permit);
    },
  };
}

/** A connection is in flight until its body has been read; what it says about the host, it says with its first byte. */
function wrap(permit: Permit): ConnectionPermit {
  let outcome: LimitOutcome = { type: "ignored" };
  return {
    answered: (latencyMs) => outcome = { type: "ok", latencyMs },
    refused: (retryAfterMs) => outcome = { type: "refused", retryAfterMs },
    failed: () => outcome = { type: "failed" },
    [Symbol.dispose]: () => permit.done(outcome),
  };
}
