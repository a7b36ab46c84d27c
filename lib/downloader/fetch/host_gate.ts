import { type Clock, systemClock } from "../../base/mod.ts";
import {
  type Admission,
  type CallOutcome,
  HostLimits,
  type LimitChange,
  type LimitOutcome,
  loadSignalOf,
  outcomeOfError,
  type Permit,
} from "../../failsafe/mod.ts";
import type { ConnectionGate, ConnectionPermit, Profile } from "../../transfer/mod.ts";
import type { DownloadEvent } from "../watch/download_event.ts";
import type { EngineMode } from "./engine_mode.ts";

/** Options of {@linkcode createHostLimits}. */
export interface HostLimitsSettings {
  /** Its connections are what a host may have at most. */
  readonly profile: Profile;
  /** The engine that is in use now: a more careful one than the profile has fewer connections. */
  readonly mode: Pick<EngineMode, "profile">;
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
  const { profile: { connections }, mode, onEvent, clock } = settings;
  const cap = (): number => mode.profile.connections;
  const onChange = ({ host, from, to, reason }: LimitChange): void =>
    onEvent({ type: "limit", host, from, to, reason });
  // Four connections are what storages are known to bear: there is nothing to grow into carefully.
  return new HostLimits({ optionsFor: () => ({ ceiling: connections, start: connections, cap, onChange, clock }) });
}

/** A host that has served something so lately is up. */
const SERVED_LATELY_MS = 10_000;
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
  const servedAt = new Map<string, number>();
  const wrap = (host: string, permit: Permit, admission: Admission | null): ConnectionPermit =>
    new HostPermit(permit, admission, { clock, onServed: () => servedAt.set(host, clock.monotonic()) });
  return {
    isServing: (host) => clock.monotonic() - (servedAt.get(host) ?? -Infinity) < SERVED_LATELY_MS,
    async enter(host, options) {
      for (;;) {
        // Who waits for a host that is down holds no leave that others could use.
        const admission = await mode.admit(host, options);
        const free = limits.of(host).tryAcquire();
        if (free !== null) return wrap(host, free, admission);
        // Nor does who waits for a leave hold the place of a trial: it may be minutes, and the trial has only seconds.
        admission?.done({ type: "ignored" });
        const permit = await limits.acquire(host, options);
        const second = mode.tryAdmit(host);
        if (second?.type !== "refused") return wrap(host, permit, second);
        // While the leave was waited for, the host has gone down.
        permit[Symbol.dispose]();
      }
    },
    tryEnter(host) {
      const permit = limits.of(host).tryAcquire();
      const admission = permit === null ? null : mode.tryAdmit(host);
      if (permit === null || admission === null || admission.type === "allowed") {
        return permit && wrap(host, permit, admission);
      }
      // Trying whether a host is well again is not for helpers.
      admission.done({ type: "ignored" });
      permit[Symbol.dispose]();
      return null;
    },
  };
}

interface HostPermitSeams {
  readonly clock: Pick<Clock, "monotonic">;
  /** Told when a body came to its end. */
  readonly onServed: () => void;
}

/** A connection is in flight until its body has been read; its last word counts. */
class HostPermit implements ConnectionPermit {
  readonly #permit: Permit;
  readonly #admission: Admission | null;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #onServed: () => void;
  #flowTellAt = -Infinity;
  #load: LimitOutcome = { type: "ignored" };
  #call: CallOutcome = { type: "ignored" };

  constructor(permit: Permit, admission: Admission | null, seams: HostPermitSeams) {
    this.#permit = permit;
    this.#admission = admission;
    this.#clock = seams.clock;
    this.#onServed = seams.onServed;
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
    if (this.#call.type === "ok") this.#onServed();
    this.#permit.done(this.#load);
    this.#admission?.done(this.#call);
  }
}
