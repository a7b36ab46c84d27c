import { type Clock, type Env, systemClock } from "../base/mod.ts";
import { checkPeer, type Client, type ClientOptions, createClient, USER_AGENT } from "../civitai/mod.ts";
import { AdaptiveTimeout, type HostLimits, RETRY_POLICY } from "../failsafe/mod.ts";
import { createTransport, type Profile, PROFILES, type Transport } from "../transfer/mod.ts";
import { EngineMode, type RunFailsafe } from "./fetch/engine_mode.ts";
import type { FetchContext } from "./fetch/fetch_context.ts";
import { createHostLimits, gateOf } from "./fetch/host_gate.ts";
import { LinkStore } from "./fetch/link_store.ts";
import type { Library } from "./open_library.ts";

/** Options of {@linkcode openEngine}. */
export interface EngineOptions extends Pick<FetchContext, "maxRetries" | "quota" | "limiter" | "durable"> {
  /** Where files go; answers of the API and links are kept there too. */
  readonly library: Library;
  /** How the API is asked; what the client shares with the rest of the engine is set for both. */
  readonly client?:
    | Omit<ClientOptions, "admit" | "cache" | "clock" | "env" | "limits" | "maxRetries" | "patienceMs">
    | undefined;
  /**
   * The boldest engine that may be used.
   *
   * @default {PROFILES.turbo}
   */
  readonly profile?: Profile | undefined;
  /** Says which hosts may be asked, and may lower the engine; without it the engine is always the boldest. */
  readonly failsafe?: RunFailsafe | undefined;
  /**
   * Longest time without a byte before a host, a question to the API or an item is given up, in milliseconds.
   *
   * @default {300000}
   */
  readonly patienceMs?: number | undefined;
  /**
   * Whether signed addresses that are in use are kept in the catalog, so that a killed run does not ask for them again.
   *
   * @default {true}
   */
  readonly keepsLinks?: boolean | undefined;
  /** Replaces what sends requests for bytes, such as by a sender that counts. */
  readonly wrapTransport?: ((send: Transport) => Transport) | undefined;
  /** Told what happens. */
  readonly onEvent?: FetchContext["onEvent"] | undefined;
  /** Names the proxy, if there is one. */
  readonly env?: Env | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** An engine that is put together: all of a {@linkcode FetchContext} but the signal. Dispose it to close connections. */
export interface Engine extends Disposable, Omit<FetchContext, "signal" | "client" | "mode" | "gate"> {
  /** Asks the API, within the limits of each host. */
  readonly client: Client;
  /** Says which engine may be used now. */
  readonly mode: EngineMode;
  /** Says how many connections each host may have. */
  readonly gate: NonNullable<FetchContext["gate"]>;
  /** How much each host bears, for the client and for transfers. */
  readonly hosts: HostLimits;
  /** How often the client has asked again so far; see `DownloadOptions.countRetries`. */
  readonly countRetries: () => number;
}

/**
 * Put an engine together: the client, the sockets, the limits of each host, the failsafe's word about both, adaptive
 * timeouts and the store of links. Whatever fetches gets its engine here. Links that the client resolves are counted by
 * the quota, and its retries are told as `api-retry`; {@linkcode download} counts bytes from the events itself, and who
 * calls {@linkcode repairLibrary} tells them to the quota.
 *
 * @param options Library, client, profile, failsafe
 * @returns The engine, for {@linkcode download} or {@linkcode repairLibrary}
 * @throws {KitError} `usage` if the client's options make no sense
 *
 * @example
 * ```ts ignore
 * using library = await openLibrary("models", { command: "example" });
 * using engine = openEngine({ library, client: { token } });
 * await download({ ...engine, targets, choice: DEFAULT_CHOICE, command: "example", reserveBytes: 0, approve, signal });
 * ```
 */
export function openEngine(options: EngineOptions): Engine {
  const { library, profile = PROFILES.turbo, failsafe, keepsLinks = true, clock = systemClock, env } = options;
  const { maxRetries, patienceMs = RETRY_POLICY.patienceMs, quota, limiter, durable } = options;
  const onEvent = options.onEvent ?? (() => {});
  const mode = new EngineMode({
    top: profile,
    failsafe,
    patienceMs,
    onWait: (wait) => onEvent({ type: "wait", ...wait }),
    clock,
  });
  const hosts = createHostLimits({ profile, mode, onEvent, clock });
  let retries = 0;
  const client = createClient({
    ...options.client,
    env,
    maxRetries,
    patienceMs,
    onRequest(notice) {
      quota?.seeRequest(notice);
      options.client?.onRequest?.(notice);
    },
    onRetry(notice) {
      retries++;
      options.client?.onRetry?.(notice);
      const { what, attempt, waitMs, failure } = notice;
      onEvent({ type: "api-retry", what, attempt, waitMs, failure });
    },
    cache: library.catalog.answers,
    limits: hosts,
    admit: (host, { signal }) => mode.admit(host, { signal }),
    clock,
  });
  const { baseUrl } = client;
  const transport = createTransport({
    env,
    userAgent: USER_AGENT,
    checkPeer: (url, address) => checkPeer(url, address, { baseUrl }),
  });
  const wrap = options.wrapTransport ?? ((send) => send);
  return {
    library,
    client,
    transport: wrap(transport.send),
    warm: transport.warm,
    profile,
    mode,
    maxRetries,
    patienceMs,
    timeouts: profile.name === "stable" ? undefined : adaptiveTimeout(patienceMs),
    links: keepsLinks ? new LinkStore(library, { token: options.client?.token, baseUrl, clock }) : undefined,
    quota,
    limiter,
    hosts,
    countRetries: () => retries,
    gate: gateOf(hosts, mode, { clock }),
    durable,
    onEvent,
    clock,
    [Symbol.dispose]: () => transport[Symbol.dispose](),
  };
}

/** Adapts to each host, but never beyond the patience. */
function adaptiveTimeout(patienceMs: number): AdaptiveTimeout {
  return new AdaptiveTimeout({ minMs: Math.min(10_000, patienceMs), maxMs: Math.min(120_000, patienceMs) });
}
