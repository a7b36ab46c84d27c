import { type Clock, systemClock } from "../../../base/mod.ts";
import {
  type Admission,
  type CallOutcome,
  HostLimits,
  type LimitChange,
  type LimitOutcome,
  loadOutcomeOf,
  outcomeOfError,
  type Permit,
} from "../../../failsafe/mod.ts";
import type { ConnectionPermit, ConnectionPermits, Profile } from "../../../transfer/mod.ts";
import type { DownloadEvent } from "../../download_event.ts";
import type { HostAdmission } from "./host_admission.ts";
import type { RunMode } from "./run_mode.ts";

/** Options of {@linkcode createHostLimits}. */
export interface CreateHostLimitsOptions {
  /** The profile, whose number of connections is the ceiling for each host. */
  readonly profile: Profile;
  /** Provides the current profile: a more careful one caps the connections further. */
  readonly mode: Pick<RunMode, "profile">;
  /** Called with a `limit` event at each change of a limit. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Measures latencies and waits. */
  readonly clock: Clock;
}

/**
 * Create the limits of a run. Each host has its own limit, which falls when the host refuses requests or slows down,
 * and rises again when there is capacity.
 *
 * @param options Ceiling, current profile, observer, clock
 * @returns The limits, for the API's client and, by {@linkcode connectionPermits}, for transfers
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { systemClock } from "@civitai-dl/civitai-dl";
 * import { createHostLimits, RunMode } from "@civitai-dl/civitai-dl/downloader";
 * import { PROFILES } from "@civitai-dl/civitai-dl/transfer";
 *
 * const profile = PROFILES.turbo;
 * const mode = new RunMode({ top: profile });
 * const limits = createHostLimits({ profile, mode, onEvent: console.log, clock: systemClock });
 * assertEquals(limits.of("example.com").limit, 4);
 * ```
 */
export function createHostLimits(options: CreateHostLimitsOptions): HostLimits {
  const { profile: { connections }, mode, onEvent, clock } = options;
  const cap = (): number => mode.profile.connections;
  const onChange = ({ host, from, to, reason }: LimitChange): void =>
    onEvent({ type: "limit", host, from, to, reason });
  // Storage hosts are known to tolerate four connections, so a limit starts at its ceiling.
  return new HostLimits({ optionsFor: () => ({ ceiling: connections, start: connections, cap, onChange, clock }) });
}

/** A host that has served a response within this time counts as up, in milliseconds. */
const SERVED_RECENTLY_MS = 10_000;
/** A host that serves something after it served nothing for this time has recovered, in milliseconds. */
const SILENT_MS = 20_000;
/** Minimum time between two reports of received bytes to the limit and the failsafe, in milliseconds. */
const FLOW_MS = 1000;

/**
 * Create the permit pool for transfers: it takes permits from the adaptive limits of hosts, and asks the failsafe
 * whether a request to a host may be sent.
 *
 * @param limits Limits, shared with the API client
 * @param hosts Asks the failsafe, or waits for it
 * @param options Clock that times successful responses and reports of received bytes
 * @returns The permit pool
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { systemClock } from "@civitai-dl/civitai-dl";
 * import { connectionPermits, createHostLimits, HostAdmission, RunMode } from "@civitai-dl/civitai-dl/downloader";
 * import { PROFILES } from "@civitai-dl/civitai-dl/transfer";
 *
 * const profile = PROFILES.turbo;
 * const mode = new RunMode({ top: profile });
 * const limits = createHostLimits({ profile, mode, onEvent: console.log, clock: systemClock });
 * using permit = await connectionPermits(limits, new HostAdmission()).acquire("example.com", {});
 * permit.recordResponse(80);
 * assertEquals(limits.of("example.com").snapshot().inFlight, 1);
 * ```
 */
export function connectionPermits(
  limits: HostLimits,
  hosts: Pick<HostAdmission, "admit" | "tryAdmit">,
  options: { readonly clock?: Pick<Clock, "monotonic"> | undefined } = {},
): ConnectionPermits {
  const { clock = systemClock } = options;
  const servedAt = new Map<string, number>();
  const revivals = new Revivals(clock);
  const wrap = (host: string, permit: Permit, admission: Admission | null): ConnectionPermit =>
    new HostPermit(permit, admission, {
      clock,
      onServed: () => servedAt.set(host, clock.monotonic()),
      onFlow: () => revivals.recordFlow(host),
    });
  return {
    revivalOf: (host) => revivals.of(host),
    isServing: (host) => clock.monotonic() - (servedAt.get(host) ?? -Infinity) < SERVED_RECENTLY_MS,
    async acquire(host, options) {
      for (;;) {
        // Ask the breaker first: a caller that waits for a host that is down must not hold a permit.
        const admission = await hosts.admit(host, options);
        const free = limits.of(host).tryAcquire();
        if (free !== null) return wrap(host, free, admission);
        // Nor may a caller hold the breaker's probe while it waits for a permit: the wait can take minutes, a probe
        // only takes seconds.
        admission?.finish({ type: "ignored" });
        const permit = await limits.acquire(host, options);
        const recheck = hosts.tryAdmit(host);
        if (recheck?.type !== "refused") return wrap(host, permit, recheck);
        // The host has gone down during the wait for the permit.
        permit[Symbol.dispose]();
      }
    },
    tryAcquire(host) {
      const permit = limits.of(host).tryAcquire();
      const admission = permit === null ? null : hosts.tryAdmit(host);
      if (permit === null || admission === null || admission.type === "allowed") {
        return permit && wrap(host, permit, admission);
      }
      // A connection that is only opened if a permit is free must not serve as the probe of a breaker.
      admission.finish({ type: "ignored" });
      permit[Symbol.dispose]();
      return null;
    },
  };
}

/** Notices when hosts serve something again after a silence. */
class Revivals {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #flowedAt = new Map<string, number>();
  readonly #waiting = new Map<string, AbortController>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  of(host: string): AbortSignal {
    const waiting = this.#waiting.get(host) ?? new AbortController();
    this.#waiting.set(host, waiting);
    return waiting.signal;
  }

  recordFlow(host: string): void {
    const now = this.#clock.monotonic();
    const flowedAt = this.#flowedAt.get(host) ?? now;
    this.#flowedAt.set(host, now);
    if (now - flowedAt < SILENT_MS) return;
    this.#waiting.get(host)?.abort();
    this.#waiting.delete(host);
  }
}

interface HostPermitSeams {
  readonly clock: Pick<Clock, "monotonic">;
  /** Called when a permit is returned after a successful response. */
  readonly onServed: () => void;
  /** Called when a response or bytes have arrived, but not for each of them. */
  readonly onFlow: () => void;
}

/** A permit is held until the body has been read. Responses and bytes count at once; of failures only the last. */
class HostPermit implements ConnectionPermit {
  readonly #permit: Permit;
  readonly #admission: Admission | null;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #onServed: () => void;
  readonly #onFlow: () => void;
  #nextFlowReportAt = -Infinity;
  #load: LimitOutcome = { type: "ignored" };
  #call: CallOutcome = { type: "ignored" };

  constructor(permit: Permit, admission: Admission | null, seams: HostPermitSeams) {
    this.#permit = permit;
    this.#admission = admission;
    this.#clock = seams.clock;
    this.#onServed = seams.onServed;
    this.#onFlow = seams.onFlow;
  }

  recordResponse(latencyMs: number): void {
    this.#load = { type: "ignored" };
    this.#permit.recordResponse(latencyMs);
    this.#call = { type: "ok", durationMs: latencyMs };
    this.#onFlow();
  }

  recordFlow(): void {
    const now = this.#clock.monotonic();
    if (now < this.#nextFlowReportAt) return;
    this.#nextFlowReportAt = now + FLOW_MS;
    this.#permit.recordFlow();
    this.#admission?.recordFlow();
    this.#onFlow();
  }

  recordRefusal(retryAfterMs: number | undefined): void {
    this.#load = { type: "refused", retryAfterMs };
    this.#call = { type: "ignored" };
  }

  recordFailure(error: unknown): void {
    this.#load = loadOutcomeOf(error, { from: "storage" });
    this.#call = outcomeOfError(error);
  }

  [Symbol.dispose](): void {
    if (this.#call.type === "ok") this.#onServed();
    this.#permit.finish(this.#load);
    this.#admission?.finish(this.#call);
  }
}
