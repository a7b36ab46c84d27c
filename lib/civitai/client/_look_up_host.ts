import { deadline } from "@std/async";
import { appliesProxy, classifyAddress, type Clock, type Env, formatDuration, isLoopback } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";

/** The system's own bound is 10 s and more where a name server is silent: 5 s a try, each server twice (resolv.conf(5)). */
const MAX_LOOKUP_MS = 4000;
const SECOND_LOOK_AFTER_MS = 1000;
/** What getaddrinfo(3) says of a name that has no address, or of name servers that do not answer. */
const UNKNOWN_CODES: ReadonlySet<unknown> = new Set(["ENOTFOUND", "ENODATA", "EAI_AGAIN", "EAI_FAIL"]);

/** Find the addresses of a host; rejects with an error whose `code` is that of getaddrinfo(3). */
export type LookUp = (hostname: string) => Promise<unknown>;

/** Options of {@linkcode lookUpHost}. */
export interface LookUpHostOptions {
  /** To complete "Cannot …". */
  readonly what: string;
  readonly lookUp: LookUp;
  /** The environment, for the proxies. */
  readonly env: Env;
  readonly clock: Clock;
  /** Beats the bound of 4 s, if it is shorter. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Make sure within 4 s that a host has an address, which `fetch` cannot bound by itself. A name that is not found is
 * looked up again a second later, in case the network is only just up. Names that a proxy looks up, or that this process
 * has no permission for, are left to the request.
 *
 * @throws {FailureError} `dns`
 */
export async function lookUpHost(url: URL, options: LookUpHostOptions): Promise<void> {
  const { what, env, patienceMs, signal } = options;
  if (isLoopback(url.hostname) || classifyAddress(url.hostname) !== null || appliesProxy(url, env)) return;
  const boundMs = Math.min(MAX_LOOKUP_MS, patienceMs);
  const stop = new AbortController();
  const isFound = lookTwice(url.hostname, { ...options, signal: stop.signal });
  try {
    if (await deadline(isFound, boundMs, signal === undefined ? {} : { signal })) return;
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw dnsFailure(`Cannot ${what}: no name server answered within ${formatDuration(boundMs)}`, url, cause);
  } finally {
    stop.abort();
  }
  throw dnsFailure(`Cannot ${what}: the host name has no address`, url);
}

async function lookTwice(
  hostname: string,
  { lookUp, clock, signal }: Pick<LookUpHostOptions, "lookUp" | "clock"> & { readonly signal: AbortSignal },
): Promise<boolean> {
  if (await hasAddress(hostname, lookUp)) return true;
  await clock.sleep(SECOND_LOOK_AFTER_MS, { signal });
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
