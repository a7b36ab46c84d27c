import type { Clock } from "../base/mod.ts";
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

/**
 * Let transfers ask the adaptive limits of hosts for their connections, and the failsafe whether a host may be asked.
 *
 * @param limits Shared by all that talks to hosts
 * @param mode The failsafe's word
 * @returns The gate
 */
export function gateOf(limits: HostLimits, mode: Pick<EngineMode, "admit" | "tryAdmit">): ConnectionGate {
  return {
    async enter(host, options) {
      for (;;) {
        // Who waits for a host that is down holds no leave that others could use.
        const admission = await mode.admit(host, options);
        const permit = await acquire(limits, host, { ...options, admission, again: () => mode.tryAdmit(host) });
        // While the leave was waited for, the host may have gone down.
        if (permit !== null) return permit;
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

/** Wait for a permit of the limit; `null` when it came so late that the failsafe has to be asked again. */
async function acquire(limits: HostLimits, host: string, options: AcquireOptions): Promise<ConnectionPermit | null> {
  const { admission, again, signal } = options;
  let permit: Permit | null = limits.of(host).tryAcquire();
  if (permit !== null) return wrap(permit, admission);
  try {
    permit = await limits.acquire(host, { signal });
  } catch (error) {
    admission?.done({ type: "ignored" });
    throw error;
  }
  // A probe keeps its place.
  if (admission === null || admission.type === "probe") return wrap(permit, admission);
  admission.done({ type: "ignored" });
  const second = again();
  if (second?.type !== "refused") return wrap(permit, second);
  permit[Symbol.dispose]();
  return null;
}

interface AcquireOptions {
  readonly admission: Admission | null;
  /** Ask the failsafe once more. */
  readonly again: () => Admission | null;
  readonly signal?: AbortSignal | undefined;
}

/** A connection is in flight until its body has been read; its last word counts. */
function wrap(permit: Permit, admission: Admission | null): ConnectionPermit {
  let load: LimitOutcome = { type: "ignored" };
  let call: CallOutcome = { type: "ignored" };
  return {
    answered(latencyMs) {
      load = { type: "ok", latencyMs };
      call = { type: "ok", durationMs: latencyMs };
    },
    refused(retryAfterMs) {
      load = { type: "refused", retryAfterMs };
      call = { type: "ignored" };
    },
    failed(error) {
      load = loadSignalOf(error, { from: "storage" }).outcome;
      call = outcomeOfError(error);
    },
    [Symbol.dispose]() {
      permit.done(load);
      admission?.done(call);
    },
  };
}
