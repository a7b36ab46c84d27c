import { type Account, type ClientOptions, createClient } from "../civitai/mod.ts";
import { stateFolder } from "../library/mod.ts";
import { type BreakerStatus, Failsafe, type FailureClass, FailureError } from "../failsafe/mod.ts";
import type { Clock } from "../base/mod.ts";

/** What one request to the API showed; every check that needs the API shares it. */
export type ApiProbe =
  | { readonly type: "offline" }
  /** The breaker of the API is open, so nothing was sent. */
  | { readonly type: "refused"; readonly host: string; readonly breaker: BreakerStatus }
  /** The API answered, if only with an error. */
  | ApiResponse
  /** No answer came. */
  | { readonly type: "silent"; readonly host: string; readonly failure: FailureClass; readonly message: string };

/** An answer of the API. */
export interface ApiResponse {
  /** Tells it from other results. */
  readonly type: "answered";
  /** Host of the API, with a port that is not the default. */
  readonly host: string;
  /** The HTTP status. */
  readonly status: number;
  /** Time to the response's headers. */
  readonly durationMs: number;
  /** `serverMs - localMs` at the middle of the exchange; `null` if the answer has no usable `Date`. */
  readonly skewMs: number | null;
  /** The account of the key; `null` without a key, or if it was not accepted. */
  readonly account: Account | null;
  /** Why the request was refused, without secrets; `null` if it was not. */
  readonly refusal: { readonly failure: FailureClass; readonly message: string } | null;
}

/** What the request needs. */
export interface ApiProbePlace {
  /** The library's folder, whose failsafe may forbid the request. */
  readonly library: string;
  /** How the API is reached. */
  readonly client: ClientOptions & { readonly baseUrl: string };
  /** Whether no request may be made. */
  readonly isOffline: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A person waits for the result. */
const TIMEOUT_MS = 10_000;

/**
 * Ask the API once: for the account if there is a key, otherwise for its list of types. An open breaker of the library's
 * failsafe forbids the request.
 *
 * @param place The place
 * @returns What was learned; never throws for a network that does not work
 */
export async function probeApi(place: ApiProbePlace): Promise<ApiProbe> {
  const { client: options, isOffline, clock, signal } = place;
  if (isOffline) return { type: "offline" };
  // Refuses an address that is none, which a URL would refuse with fewer words.
  createClient(options);
  const { host } = new URL(options.baseUrl);
  const breaker = readBreakers(place).find(({ key, state }) => key === host && state === "open");
  if (breaker !== undefined) return { type: "refused", host, breaker };
  const seen: { status: number | null; skewMs: number | null; durationMs: number } = {
    status: null,
    skewMs: null,
    durationMs: 0,
  };
  const fetch = options.fetch ?? globalThis.fetch;
  const watched: typeof globalThis.fetch = async (input, init) => {
    const sentMs = clock.now();
    const start = clock.monotonic();
    const response = await fetch(input, init);
    seen.status = response.status;
    seen.durationMs = clock.monotonic() - start;
    seen.skewMs = skewOf(response.headers.get("date"), sentMs + seen.durationMs / 2);
    return response;
  };
  const settings: ClientOptions = {
    ...options,
    fetch: watched,
    mirrorUrl: null,
    maxRetries: 0,
    timeoutMs: TIMEOUT_MS,
    patienceMs: TIMEOUT_MS,
  };
  let account: Account | null = null;
  let failed: FailureError | null = null;
  try {
    const client = createClient(settings);
    if (options.token === undefined) await client.enums({ signal });
    else account = await client.me({ signal, maxRetries: 0 });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof FailureError)) throw error;
    failed = error;
  }
  if (seen.status === null) {
    const { failure, message } = failed ?? { failure: "unknown" as const, message: "no request was made" };
    return { type: "silent", host, failure, message };
  }
  const { status, durationMs, skewMs } = seen;
  const refusal = failed === null ? null : { failure: failed.failure, message: failed.message };
  return { type: "answered", host, status, durationMs, skewMs, account, refusal };
}

/**
 * Compare a `Date` header with the local clock.
 *
 * @param header The header, which has a resolution of a second
 * @param localMs The local time at the middle of the exchange
 * @returns Milliseconds by which the server is ahead; `null` if there is no valid date
 */
export function skewOf(header: string | null, localMs: number): number | null {
  const serverMs = Date.parse(header ?? "");
  // The header is cut to the second, so half a second is its mean error.
  return Number.isNaN(serverMs) ? null : serverMs + 500 - localMs;
}

/** Read the breakers of a library; none if its state is missing or cannot be read. */
export function readBreakers({ library, clock }: Pick<ApiProbePlace, "library" | "clock">): readonly BreakerStatus[] {
  try {
    return Failsafe.peek(stateFolder(library), { clock })?.breakers ?? [];
  } catch {
    // The checks "failsafe" and "state" report a state that cannot be read.
    return [];
  }
}
