import { messageOf } from "../../base/mod.ts";
import {
  type Admission,
  breakerRefusal,
  classifyFailure,
  type FailureClass,
  FailureError,
  isRetryable,
  loadOutcomeOf,
  outcomeOfError,
  Pacer,
  retry,
  RETRY_POLICY,
} from "../../failsafe/mod.ts";
import { responseKey } from "./_response_key.ts";
import type { CachedResponse } from "./response_cache.ts";
import type { BaseUrl } from "./parse_base_url.ts";
import type { Lane, SettledClient } from "./settled_client.ts";
import { Wire } from "./_wire.ts";
import { parseLenientJson } from "../shapes/parse_lenient_json.ts";
import { ShapeError } from "../shapes/shape_error.ts";

/** Failures in which the service does not respond at all. */
const NO_ANSWER: ReadonlySet<FailureClass> = new Set<FailureClass>(["connection", "dns", "tls", "timeout", "stall"]);
/** Responses longer than this take long to parse; in UTF-16 code units. */
const LONG_ANSWER = 4 << 20;
/** A single turn of the event loop is too short for a pending signal, which needs several turns to become an event. */
const PAUSE_MS = 10;
/** Pause of a lane after a 429 without Retry-After. */
const THROTTLE_PAUSE_MS = 5000;
/** The path of the account's data, which is never cached because it may include an email address. */
const PRIVATE = "/me";

/** One call to the API. */
export interface ApiCall {
  /** The action, to complete "Cannot …". */
  readonly what: string;
  /** The path after the base, such as `/api/v1/models`. */
  readonly path: string;
  readonly query?: URLSearchParams | undefined;
  /** Sent as JSON in a POST request; if absent, the request is a GET. */
  readonly body?: unknown;
  readonly lane: Lane;
  readonly signal?: AbortSignal | undefined;
  /** Overrides the client's setting. */
  readonly maxRetries?: number | undefined;
}

/**
 * Sends API calls: limits their rate, retries transient failures, and asks the mirror for what the base does not find.
 */
export class Requester {
  readonly settled: SettledClient;
  readonly wire: Wire;
  readonly #pacers: Readonly<Record<Lane, Pacer>>;
  /** 404 errors that may come from a temporary fault of the server's storage. Each is retried once. */
  readonly #doubtful = new WeakSet<FailureError>();

  constructor(settled: SettledClient) {
    this.settled = settled;
    this.wire = new Wire(settled);
    const { rates, clock } = settled;
    const pacer = (lane: Lane): Pacer => new Pacer({ perSecond: rates[lane], clock });
    this.#pacers = { model: pacer("model"), image: pacer("image"), download: pacer("download") };
  }

  /** Call the base only. */
  json<T>(call: ApiCall, parse: (json: unknown) => T): Promise<T> {
    return this.#jsonAt(this.settled.base, call, parse);
  }

  /** Call the base and, if it does not find the requested item, the mirror. */
  jsonAnywhere<T>(call: ApiCall, parse: (json: unknown) => T): Promise<T> {
    return this.anywhere(call.signal, (base) => this.#jsonAt(base, call, parse));
  }

  /** Run an operation at the base and, only if that fails with `gone`, at the mirror. */
  async anywhere<T>(signal: AbortSignal | undefined, request: (base: BaseUrl) => Promise<T>): Promise<T> {
    const { base, mirror } = this.settled;
    try {
      return await request(base);
    } catch (error) {
      if (mirror === null || !(error instanceof FailureError) || error.failure !== "gone") throw error;
      try {
        return await request(mirror);
      } catch (second) {
        // "Gone" is final, so it must not be reported if the mirror could not respond.
        if (signal?.aborted || isRetryable(second)) throw second;
        throw error;
      }
    }
  }

  /** Run an operation in its lane, with the number of the attempt, and retry it while its failures are transient. */
  persist<T>(
    call: Pick<ApiCall, "what" | "lane" | "signal" | "maxRetries">,
    url: string,
    operation: (attempt: number) => Promise<T>,
  ): Promise<T> {
    const { what, lane, signal, maxRetries = this.settled.maxRetries } = call;
    const { clock, random, limits, redact, onRetry, unansweredRetries } = this.settled;
    let secondAttempts = 0;
    let failedLookUps = this.wire.checksName(new URL(url)) ? 1 : 0;
    let unanswered = 0;
    const isOffline = (error: unknown): boolean => {
      if (this.wire.responseCount > 0) return false;
      const failure = classifyFailure(error);
      // After two lookups, a name without an address means that there is no network. The check before the request makes
      // both; where there is no check, the second attempt makes the second one.
      if (failure === "dns") return ++failedLookUps > 1;
      return NO_ANSWER.has(failure) && ++unanswered > unansweredRetries;
    };
    const isDoubtful = (error: unknown): boolean => this.#isDoubtful(error);
    const { host } = new URL(url);
    const attempt = async (number: number): Promise<T> => {
      await this.#pacers[lane].waitTurn({ signal });
      using permit = await limits.acquire(host, { signal });
      // Hold the concurrency permit while #admit() waits for a host that is down: this call will make the next
      // attempt to reach it.
      using admission = await this.#admit(host, what, signal);
      const sentAt = clock.monotonic();
      try {
        const value = await operation(number);
        admission?.finish({ type: "ok", durationMs: clock.monotonic() - sentAt });
        // The time that a listing takes depends on its size: it shows that the host serves, but not how busy it is.
        // Responses of the download route are all of the same size.
        permit.finish(
          lane === "download" ? { type: "ok", latencyMs: clock.monotonic() - sentAt } : { type: "flowing" },
        );
        return value;
      } catch (error) {
        permit.finish(loadOutcomeOf(error, { from: "api" }));
        const isIgnored = signal?.aborted || this.#concernsOnlyThisCall(error, { number, lane, host });
        admission?.finish(isIgnored ? { type: "ignored" } : outcomeOfError(error));
        this.#slowDown(lane, error);
        throw error;
      }
    };
    return retry(attempt, {
      clock,
      random,
      signal,
      maxRetries,
      totalMs: (error) => this.#maxTotalMs(classifyFailure(error)),
      shouldRetry(error) {
        if (isOffline(error)) return false;
        return isRetryable(error) || (isDoubtful(error) && secondAttempts++ === 0);
      },
      onRetry: ({ attempt, waitMs, failure, error }) => {
        const message = redact(messageOf(error));
        onRetry({ what, attempt, waitMs, failure, message });
      },
    });
  }

  #maxTotalMs(failure: FailureClass): number {
    const { totalMs } = RETRY_POLICY.apiRequest;
    return NO_ANSWER.has(failure) ? Math.min(totalMs, this.settled.patienceMs) : totalMs;
  }

  /**
   * Whether a failure concerns only this call. If a call fails with `server` repeatedly while the host responds to
   * other calls, the repeated failures say nothing new about the host. They must not make the breaker block the other
   * calls. Calls for download links always count, because they all ask the host for the same work.
   */
  #concernsOnlyThisCall(
    error: unknown,
    attempt: { readonly number: number; readonly lane: Lane; readonly host: string },
  ): boolean {
    const { number, lane, host } = attempt;
    const isServer = error instanceof FailureError && error.failure === "server";
    return isServer && number > 1 && lane !== "download" && this.wire.hasAnsweredLately(host);
  }

  /** Ask whether a host may be called. A refusal is transient, like the failures that caused it. */
  async #admit(host: string, what: string, signal: AbortSignal | undefined): Promise<Admission | null> {
    const admission = await this.settled.admit(host, { signal });
    if (admission?.type !== "refused") return admission;
    throw breakerRefusal(`Cannot ${what}`, { key: host, admission, retryable: true });
  }

  /** Build the error for a refusal, and remember a 404 that may be wrong: one that is marked `no-store`. */
  refusal(response: Response, text: string, what: string): FailureError {
    const error = this.wire.refusal(response, text, what);
    const isUnstored = /no-store/i.test(response.headers.get("cache-control") ?? "");
    if (error.failure === "gone" && isUnstored) this.#doubtful.add(error);
    return error;
  }

  async #jsonAt<T>(base: BaseUrl, call: ApiCall, parse: (json: unknown) => T): Promise<T> {
    const { cache, token } = this.settled;
    const query = call.query === undefined ? "" : `?${call.query}`;
    const url = `${base.href}${call.path}${query}`;
    const key = call.body === undefined && !call.path.endsWith(PRIVATE) ? responseKey({ url, token }) : null;
    const known = key === null ? null : cache?.get(key) ?? null;
    const request = this.#request(url, call, known?.etag);
    const cached = known === null ? null : await parseWhileRequesting(known, parse, request);
    let answer = await request;
    if (answer.isCurrent) {
      if (cached !== null) return cached.value;
      answer = await this.#request(url, call);
    }
    const value = parseShaped(answer.json, call, parse);
    await yieldToOthers(answer.text, call.signal);
    if (key !== null && answer.etag !== null) cache?.put(key, { etag: answer.etag, body: answer.text });
    return value;
  }

  async #request(url: string, call: ApiCall, etag?: string): Promise<Answer> {
    return await this.persist(call, url, async (attempt) => {
      const exchange = { ...call, etag, attempt };
      const response = await this.wire.sendFollowing(new URL(url), exchange);
      const text = await this.wire.text(response, exchange);
      if (etag !== undefined && response.status === 304) return { json: undefined, text, etag, isCurrent: true };
      const isData = response.ok && text.trim() !== "" && !text.trimStart().startsWith("<");
      if (!isData) throw this.refusal(response, text, call.what);
      const isKept = !/no-store/i.test(response.headers.get("cache-control") ?? "");
      const validator = isKept ? response.headers.get("etag") : null;
      await yieldToOthers(text, call.signal);
      const json = parseResponse(text, call.what);
      await yieldToOthers(text, call.signal);
      return { json, text, etag: validator, isCurrent: false };
    });
  }

  #slowDown(lane: Lane, error: unknown): void {
    if (!(error instanceof FailureError)) return;
    const waitMs = error.retryAfterMs ?? (error.failure === "throttled" ? THROTTLE_PAUSE_MS : 0);
    if (waitMs > 0) this.#pacers[lane].pause(Math.min(waitMs, RETRY_POLICY.maxRetryAfterMs));
  }

  #isDoubtful(error: unknown): boolean {
    return error instanceof FailureError && this.#doubtful.has(error);
  }
}

/** The result of an exchange. */
interface Answer {
  /** `undefined` after a 304, which has no body. */
  readonly json: unknown;
  readonly text: string;
  /** The ETag for the next request; `null` if there is none or the response must not be cached. */
  readonly etag: string | null;
  /** Whether the cached response is still current. */
  readonly isCurrent: boolean;
}

/**
 * Yield if a response is long. Parsing many megabytes blocks the thread, so that no signal is delivered and no transfer
 * reads.
 */
async function yieldToOthers({ length }: string, signal: AbortSignal | undefined): Promise<void> {
  if (length <= LONG_ANSWER) return;
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  signal?.throwIfAborted();
}

/** Parse the cached response while the server checks whether it is current. It usually is, so both run in parallel. */
async function parseWhileRequesting<T>(
  known: CachedResponse,
  parse: (json: unknown) => T,
  request: Promise<Answer>,
): Promise<{ readonly value: T } | null> {
  // The caller awaits `request` later; until then its rejection must not count as unhandled.
  request.catch(() => {});
  // Wait for one turn of the event loop, so that the request is sent before parsing blocks the thread.
  await new Promise((resolve) => setTimeout(resolve, 0));
  return parseCached(known, parse);
}

/** Parse a cached response. Returns `null` if it is unreadable, as if nothing were cached. */
function parseCached<T>({ body }: CachedResponse, parse: (json: unknown) => T): { readonly value: T } | null {
  try {
    return { value: parse(parseLenientJson(body)) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Apply the parser of a call to its response. An unknown shape is final, because a retry would return the same data.
 */
function parseShaped<T>(json: unknown, { what }: ApiCall, parse: (json: unknown) => T): T {
  try {
    return parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const state = error instanceof ShapeError ? error.state : error.message;
    throw new FailureError("server", `Cannot ${what}: ${state}`, { retryable: false, cause: error });
  }
}

/** Parse a body as JSON. A body that is not JSON was most likely truncated on the way, so the failure is retryable. */
function parseResponse(text: string, what: string): unknown {
  try {
    return parseLenientJson(text);
  } catch (error) {
    throw new FailureError("server", `Cannot ${what}: the answer is not JSON`, { cause: error });
  }
}
