import { type Clock, systemClock } from "../base/mod.ts";
import {
  type Admission,
  type CallOutcome,
  HostLimits,
  type LimitChange,
  type LimitOutcome,
  loadSignalOf,
  outcomeOfError,
  type Permit,
} from "../failsafe/mod.ts";
import type { ConnectionGate, ConnectionPermit, Profile } from "../transfer/mod.ts";
import type { DownloadEvent } from "./download_event.ts";
import type { EngineMode } from "./engine_mode.ts";

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

/** Least time between two reports of received bytes to the failsafe, in milliseconds. */
const FLOW_MS = 1000;

/**
 * Let transfers ask the adaptive limits of hosts for their connections, and the failsafe whether a host may be asked.
 *
 * @param limits Shared by all that talks to hosts
 * @param mode The failsafe's word
 * @param options Measures how long a body has been flowing
 * @returns The gate
 */
export function gateOf(
  limits: HostLimits,
  mode: Pick<EngineMode, "admit" | "tryAdmit">,
  options: { readonly clock?: Pick<Clock, "monotonic"> | undefined } = {},
): ConnectionGate {
  const { clock = systemClock } = options;
  const wrap = (permit: Permit, admission: Admission | null): ConnectionPermit =>
    new HostPermit(permit, admission, clock);
  return {
    async enter(host, options) {
      for (;;) {
        // Who waits for a host that is down holds no leave that others could use.
        const admission = await mode.admit(host, options);
        const free = limits.of(host).tryAcquire();
        if (free !== null) return wrap(free, admission);
        // Nor does who waits for a leave hold the place of a trial: it may be minutes, and the trial has only seconds.
        admission?.done({ type: "ignored" });
        const permit = await limits.acquire(host, options);
        const second = mode.tryAdmit(host);
        if (second?.type !== "refused") return wrap(permit, second);
        // While the leave was waited for, the host has gone down.
        permit[Symbol.dispose]();
      }
    },
    tryEnter(host) {
      const permit = limits.of(host).tryAcquire();
      const admission = permit === null ? null : mode.tryAdmit(host);
      if (permit === null || admission === null || admission.type === "allowed") {
        return permit && wrap(permit, admission);
      }
      // Trying whether a host is well again is not for helpers.
      admission.done({ type: "ignored" });
      permit[Symbol.dispose]();
      return null;
    },
  };
}

/** A connection is in flight until its body has been read; its last word counts. */
class HostPermit implements ConnectionPermit {
  readonly #permit: Permit;
  readonly #admission: Admission | null;
  readonly #clock: Pick<Clock, "monotonic">;
  #flowTellAt = -Infinity;
  #load: LimitOutcome = { type: "ignored" };
  #call: CallOutcome = { type: "ignored" };

  constructor(permit: Permit, admission: Admission | null, clock: Pick<Clock, "monotonic">) {
    [this.#permit, this.#admission, this.#clock] = [permit, admission, clock];
  }

  answered(latencyMs: number): void {
    this.#load = { type: "ok", latencyMs };
    this.#call = { type: "ok", durationMs: latencyMs };
  }

  flows(): void {
    const now = this.#clock.monotonic();
    if (now < this.#flowTellAt) return;
    this.#flowTellAt = now + FLOW_MS;
    this.#admission?.flows();
  }

  refused(retryAfterMs: number | undefined): void {
    this.#load = { type: "refused", retryAfterMs };
    this.#call = { type: "ignored" };
  }

  failed(error: unknown): void {
    this.#load = loadSignalOf(error, { from: "storage" }).outcome;
    this.#call = outcomeOfError(error);
  }

  [Symbol.dispose](): void {
    this.#permit.done(this.#load);
    this.#admission?.done(this.#call);
  }
}
