import { type Clock, type Env, type HostTimeout, type RateSchedule, systemClock } from "../base/mod.ts";
import { checkPeer, type ClientOptions, createClient, USER_AGENT } from "../civitai/mod.ts";
import { AdaptiveTimeout, HostTimeouts, RETRY_POLICY } from "../failsafe/mod.ts";
import {
  createTransport,
  type LineOptions,
  openLine,
  type Profile,
  PROFILES,
  type Transport,
} from "../transfer/mod.ts";
import type { FetchOptions } from "./settled_fetch.ts";
import { HostAdmission } from "./fetch/limits/host_admission.ts";
import { connectionPermits, createHostLimits } from "./fetch/limits/host_permits.ts";
import type { RunFailsafe } from "./fetch/limits/run_failsafe.ts";
import { RunMode } from "./fetch/limits/run_mode.ts";
import { Throttle } from "./fetch/limits/throttle.ts";
import type { Library } from "./open_library.ts";

/** Options of {@linkcode openEngine}. */
export interface EngineOptions
  extends
    Partial<Pick<FetchOptions, "quota" | "rollout" | "progress" | "onEvent">>,
    Pick<LineOptions, "maxRetries" | "durable" | "onWait"> {
  /** The library that files are fetched into; its catalog also caches responses of the API. */
  readonly library: Library;
  /** Options of the API client; those that it shares with the rest of the engine are set by the engine. */
  readonly client?:
    | Omit<
      ClientOptions,
      "admit" | "cache" | "clock" | "env" | "hostTimeouts" | "limits" | "maxRetries" | "onWait" | "patienceMs"
    >
    | undefined;
  /**
   * The most aggressive profile that may be used.
   *
   * @default {PROFILES.turbo}
   */
  readonly profile?: Profile | undefined;
  /** Admits requests to hosts and sets the mode; without it, `profile` is always used and no host is refused. */
  readonly failsafe?: RunFailsafe | undefined;
  /**
   * Time without a received byte after which a host, an API request or an item fails, in milliseconds.
   *
   * @default {300000}
   */
  readonly patienceMs?: number | undefined;
  /** Limits the bytes per second of all transfers together; without it, nothing limits them. */
  readonly bandwidth?: RateSchedule | undefined;
  /** Limits speed and connections in place of `bandwidth`, so that they can be changed while the engine works. */
  readonly throttle?: Throttle | undefined;
  /** Wraps the function that sends requests for bytes, for example to count them. */
  readonly wrapTransport?: ((send: Transport) => Transport) | undefined;
  /** Timeouts of single hosts; they replace those of the profile, but are never longer than `patienceMs`. */
  readonly hostTimeouts?: readonly HostTimeout[] | undefined;
  /**
   * Bounds of the timeouts that adapt to each host, in milliseconds; they are never longer than `patienceMs`.
   *
   * @default {RETRY_POLICY.adaptiveTimeout}
   */
  readonly adaptiveTimeout?: { readonly minMs: number; readonly maxMs: number } | undefined;
  /** Environment variables, which may name a proxy. */
  readonly env?: Env | undefined;
  /**
   * Source of timestamps and waits.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** An assembled engine: {@linkcode FetchOptions} without the signal. Dispose it to close its connections. */
export interface Engine extends Disposable, Omit<FetchOptions, "signal"> {}

/**
 * Assemble an engine: client, sockets, limits and admission of each host, mode, adaptive timeouts and the link store. All code that
 * fetches files gets its engine here. The quota counts the links that the client resolves and the bytes of the events,
 * and retries of the client are reported as `api-retry` events.
 *
 * @param options Library, client, profile, failsafe
 * @returns The engine, for {@linkcode download} or {@linkcode repairLibrary}
 * @throws {KitError} `usage` if the client's options are invalid
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openEngine, openLibrary } from "@civitai-dl/civitai-dl/downloader";
 * import { startSandbox } from "@civitai-dl/civitai-dl/sandbox";
 * import { PROFILES } from "@civitai-dl/civitai-dl/transfer";
 *
 * await using sandbox = await startSandbox({ outcomes: {} });
 * using library = await openLibrary("models", { command: "example", scratch: true });
 * const client = { baseUrl: sandbox.apiOrigin, token: sandbox.token };
 * using engine = openEngine({ library, client, profile: PROFILES.parallel });
 * const { modelId } = sandbox.facts().next().value!;
 * assertEquals((await engine.client.model(modelId)).id, modelId);
 * ```
 */
export function openEngine(options: EngineOptions): Engine {
  const { library, profile = PROFILES.turbo, failsafe, clock = systemClock, env } = options;
  const { maxRetries, patienceMs = RETRY_POLICY.patienceMs, quota, durable, onWait } = options;
  const { bandwidth, throttle = bandwidth && new Throttle({ bandwidth, clock }) } = options;
  const onEvent: FetchOptions["onEvent"] = (event) => {
    quota?.countBytes(event);
    options.onEvent?.(event);
  };
  const mode = new RunMode({ top: profile, failsafe, throttle });
  const hosts = new HostAdmission({
    failsafe,
    patienceMs,
    onWait: (wait) => onEvent({ type: "wait", ...wait }),
    clock,
  });
  const limits = createHostLimits({ profile, mode, onEvent, clock });
  const hostTimeouts = new HostTimeouts(options.hostTimeouts ?? [], { maxMs: patienceMs });
  let retries = 0;
  const client = createClient({
    ...options.client,
    env,
    maxRetries,
    patienceMs,
    onRequest(notice) {
      quota?.countRequest(notice);
      options.client?.onRequest?.(notice);
    },
    onRetry(notice) {
      retries++;
      options.client?.onRetry?.(notice);
      const { what, attempt, waitMs, failure } = notice;
      onEvent({ type: "api-retry", what, attempt, waitMs, failure });
    },
    hostTimeouts,
    onWait,
    cache: library.catalog.responses,
    limits,
    admit: (host, { signal }) => hosts.admit(host, { signal }),
    clock,
  });
  const { baseUrl } = client;
  const transport = createTransport({
    env,
    userAgent: USER_AGENT,
    checkPeer: (url, address) => checkPeer(url, address, { baseUrl }),
  });
  const wrap = options.wrapTransport ?? ((send) => send);
  const line = openLine({
    transport: wrap(transport.send),
    maxRetries,
    patienceMs,
    timeouts: profile.name === "stable"
      ? undefined
      : openAdaptiveTimeout(options.adaptiveTimeout ?? RETRY_POLICY.adaptiveTimeout, patienceMs),
    hostTimeouts,
    limiter: throttle?.limiter,
    permits: connectionPermits(limits, hosts, { clock }),
    durable,
    onWait,
    clock,
  });
  return {
    library,
    client,
    line,
    warm: transport.warm,
    profile,
    mode,
    rollout: options.rollout,
    quota,
    countRetries: () => retries,
    progress: options.progress,
    onEvent,
    clock,
    [Symbol.dispose]() {
      line[Symbol.dispose]();
      transport[Symbol.dispose]();
    },
  };
}

/** Create timeouts that adapt to each host within the bounds, but are never longer than `patienceMs`. */
function openAdaptiveTimeout(
  { minMs, maxMs }: NonNullable<EngineOptions["adaptiveTimeout"]>,
  patienceMs: number,
): AdaptiveTimeout {
  return new AdaptiveTimeout({ minMs: Math.min(minMs, patienceMs), maxMs: Math.min(maxMs, patienceMs) });
}
