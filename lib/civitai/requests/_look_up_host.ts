import { deadline } from "@std/async";
import { classifyAddress, type Clock, type Env, formatDuration, isLoopback, mayUseProxy } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";

/**
 * Limit for the whole check. The system's own limit is 10 s or more when a name server does not respond: 5 s per try,
 * two tries per server (resolv.conf(5)).
 */
const MAX_LOOKUP_MS = 4000;
const RETRY_AFTER_MS = 1000;
/** Codes of getaddrinfo(3) for a name without an address, and for name servers that do not respond. */
const UNKNOWN_CODES: ReadonlySet<unknown> = new Set(["ENOTFOUND", "ENODATA", "EAI_AGAIN", "EAI_FAIL"]);

/** Resolve a host name; the addresses are ignored. Rejects with an error whose `code` is that of getaddrinfo(3). */
export type LookUp = (hostname: string) => Promise<unknown>;

/** Options of {@linkcode lookUpHost}. */
export interface LookUpHostOptions {
  /** The action, to complete "Cannot …". */
  readonly what: string;
  readonly lookUp: LookUp;
  /** Read for proxy settings. */
  readonly env: Env;
  readonly clock: Clock;
  /** Time limit, in milliseconds; the smaller of this and 4 s applies. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Whether this machine resolves the host name itself. False for loopback hosts and IP addresses, and when a proxy may
 * be used.
 */
export function isResolvedLocally(url: URL, env: Env): boolean {
  return !isLoopback(url.hostname) && classifyAddress(url.hostname) === null && !mayUseProxy(url, env);
}

/**
 * Check within 4 s that a host has an address, because `fetch` cannot limit its own lookup. A name that is not found is
 * looked up again after a second, in case the network is just coming up. Only names that this machine resolves are
 * checked. Any other error, such as a missing permission, is left for the request to report.
 *
 * @throws {FailureError} `dns` if the host has no address, or no name server responds in time
 */
export async function lookUpHost(url: URL, options: LookUpHostOptions): Promise<void> {
  const { what, env, timeoutMs, signal } = options;
  if (!isResolvedLocally(url, env)) return;
  const limitMs = Math.min(MAX_LOOKUP_MS, timeoutMs);
  const stop = new AbortController();
  const lookup = resolveWithRetry(url.hostname, { ...options, signal: stop.signal });
  try {
    if (await deadline(lookup, limitMs, signal === undefined ? {} : { signal })) return;
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw dnsFailure(`Cannot ${what}: no name server answered within ${formatDuration(limitMs)}`, url, cause);
  } finally {
    stop.abort();
  }
  throw dnsFailure(`Cannot ${what}: the host name has no address`, url);
}

async function resolveWithRetry(
  hostname: string,
  { lookUp, clock, signal }: Pick<LookUpHostOptions, "lookUp" | "clock"> & { readonly signal: AbortSignal },
): Promise<boolean> {
  if (await hasAddress(hostname, lookUp)) return true;
  await clock.sleep(RETRY_AFTER_MS, { signal });
  return await hasAddress(hostname, lookUp);
}

async function hasAddress(hostname: string, lookUp: LookUp): Promise<boolean> {
  try {
    await lookUp(hostname);
    return true;
  } catch (error) {
    // Any other error, such as a missing permission, is for the request to report.
    return !(error instanceof Error && "code" in error && UNKNOWN_CODES.has(error.code));
  }
}

function dnsFailure(message: string, { hostname }: URL, cause?: unknown): FailureError {
  return new FailureError("dns", `${message} ("${hostname}")`, {
    cause,
    hint: "Check the network, the name server of this machine, the base URL and the proxy",
  });
}
