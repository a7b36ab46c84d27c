import type { Clock } from "../base/mod.ts";
import { HostLimits, type LimitOutcome, type Permit } from "../failsafe/mod.ts";
import type { ConnectionGate, ConnectionPermit, Profile } from "../transfer/mod.ts";
import type { DownloadEvent } from "./download_event.ts";

/** Options of {@linkcode createGate}. */
export interface GateOptions {
  /** Its connections are what a host may have at most. */
  readonly profile: Profile;
  /** Told of each change of a limit. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Measures. */
  readonly clock: Clock;
}

/**
 * Make the gate of a run: each host has a limit of its own, which falls where the host refuses or slows down, and rises
 * again where there is room.
 *
 * @param options Ceiling, observer, clock
 * @returns The gate
 */
export function createGate(options: GateOptions): ConnectionGate {
  const { profile: { connections }, onEvent, clock } = options;
  const onChange = ({ host, from, to, reason }: { host: string; from: number; to: number; reason: string }): void =>
    onEvent({ type: "limit", host, from, to, reason });
  // Four connections are what storages are known to bear: there is nothing to grow into carefully.
  return gateOf(new HostLimits({ optionsFor: () => ({ ceiling: connections, start: connections, onChange, clock }) }));
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
