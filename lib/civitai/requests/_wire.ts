import { formatDuration } from "../../base/mod.ts";
import { FailureError, type StepWait, type TimedWait } from "../../failsafe/mod.ts";
import { startDeadline } from "./_deadline.ts";
import { networkFailure } from "./_network_failure.ts";
import { isResolvedLocally, lookUpHost } from "./_look_up_host.ts";
import { readText } from "./_read_text.ts";
import type { SettledClient } from "./settled_client.ts";
import { classifyResponse } from "./classify_response.ts";
import { CIVITAI_ORIGINS } from "../is_civitai_address.ts";

const MAX_REDIRECTS = 5;
/** A host that responded within this time counts as reachable. */
const RECENT_MS = 60_000;

/** One request and its context. */
export interface Exchange {
  /** The action, to complete "Cannot …". */
  readonly what: string;
  /** Sent as JSON in a POST request; if absent, the request is a GET. */
  readonly body?: unknown;
  /** The ETag of a cached response; the server replies 304 if it is still current. */
  readonly etag?: string | undefined;
  /**
   * What the request is for.
   *
   * @default {"api"}
   */
  readonly operation?: TimedWait["operation"] | undefined;
  /**
   * Number of the attempt, from 1.
   *
   * @default {1}
   */
  readonly attempt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Sends single requests to the API, with limits on time and size. Only the API's own origins receive the token. */
export class Wire {
  readonly #settled: SettledClient;
  #responseCount = 0;
  /** Time of each host's last response, on the monotonic clock. */
  readonly #answeredAt = new Map<string, number>();

  constructor(settled: SettledClient) {
    this.#settled = settled;
  }

  /** Number of responses so far, except those with status 429 or 5xx. */
  get responseCount(): number {
    return this.#responseCount;
  }

  /** Whether the host has responded in the last minute; status 429 and 5xx do not count. */
  hasAnsweredLately(host: string): boolean {
    return this.#settled.clock.monotonic() - (this.#answeredAt.get(host) ?? -Infinity) < RECENT_MS;
  }

  #recordResponse(host: string): void {
    this.#responseCount++;
    this.#answeredAt.set(host, this.#settled.clock.monotonic());
  }

  /** Whether the URL is on the origin of the base or the mirror. Only these origins may receive the token. */
  isApi(url: URL): boolean {
    return url.origin === this.#settled.base.origin || url.origin === this.#settled.mirror?.origin;
  }

  /** Build the headers of a request; the token is included for the API's own origins only. */
  headersFor(url: URL): Record<string, string> {
    const { token, userAgent } = this.#settled;
    const headers: Record<string, string> = { "user-agent": userAgent };
    if (token !== undefined && this.isApi(url)) headers["authorization"] = `Bearer ${token}`;
    return headers;
  }

  /** Whether the host name is looked up, if necessary twice, before the first request. */
  checksName(url: URL): boolean {
    const { lookUp, env } = this.#settled;
    return lookUp !== null && isResolvedLocally(url, env);
  }

  /**
   * Check the host name until the first response has arrived, so that a missing network is reported within seconds.
   * After that, a name that is not found is retried like any other failure.
   */
  async #lookUp(url: URL, { what, signal }: Exchange): Promise<void> {
    const { lookUp, env, clock, patienceMs } = this.#settled;
    if (lookUp === null || this.#responseCount > 0) return;
    await lookUpHost(url, { what, lookUp, env, clock, timeoutMs: patienceMs, signal });
  }

  /** Send one request and return when the headers have arrived. Redirects are not followed. */
  async send(url: URL, exchange: Exchange): Promise<Response> {
    const { what, body, etag, signal } = exchange;
    const { fetch, clock, redact, onRequest } = this.#settled;
    const timeoutMs = this.#timeoutMs(url.host, "headers");
    const method = body === undefined ? "GET" : "POST";
    const condition: Record<string, string> = etag === undefined ? {} : { "if-none-match": etag };
    const headers = { ...this.headersFor(url), accept: "application/json", ...condition };
    await this.#lookUp(url, exchange);
    const start = clock.monotonic();
    const report = (status: number | null) =>
      onRequest({ method, url: redact(url.href), what, status, durationMs: clock.monotonic() - start });
    const waited = () => ({ limitMs: timeoutMs, elapsedMs: clock.monotonic() - start });
    using deadline = startDeadline(timeoutMs, `no answer within ${formatDuration(timeoutMs)}`);
    try {
      const response = await fetch(url, {
        method,
        redirect: "manual",
        headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
        signal: AbortSignal.any(signal === undefined ? [deadline.signal] : [deadline.signal, signal]),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      report(response.status);
      this.#reportWait(exchange, { step: "headers", host: url.host, outcome: "ok", ...waited() });
      if (response.status < 500 && response.status !== 429) this.#recordResponse(url.host);
      return response;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      report(null);
      if (deadline.signal.aborted) {
        this.#reportWait(exchange, { step: "headers", host: url.host, outcome: "timeout", ...waited() });
      }
      throw this.#clean(networkFailure(error, what, url.host));
    }
  }

  /**
   * Send a request and follow redirects within its origin. Another origin must neither receive the request nor respond
   * in the API's name.
   */
  async sendFollowing(start: URL, exchange: Exchange): Promise<Response> {
    let url = start;
    for (let hop = 0;; hop++) {
      const response = await this.send(url, exchange);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) return response;
      await response.body?.cancel();
      const next = URL.parse(location, url);
      if (next?.origin !== url.origin || exchange.body !== undefined || hop >= MAX_REDIRECTS) {
        const state = `the server redirects to "${this.#settled.redact(location)}"`;
        throw new FailureError("server", `Cannot ${exchange.what}: ${state}`, {
          status: response.status,
          hint: "Check the base URL: use an address that answers without a redirect",
          retryable: false,
        });
      }
      url = next;
    }
  }

  /** Read the whole body, up to `maxBodyBytes`. */
  async text(response: Response, exchange: Exchange): Promise<string> {
    const { what, signal } = exchange;
    const { maxBodyBytes, base } = this.#settled;
    const host = URL.parse(response.url)?.host ?? new URL(base.href).host;
    const timeoutMs = this.#timeoutMs(host, "body");
    const onIdle = (elapsedMs: number, hasTimedOut: boolean): void =>
      this.#reportWait(exchange, {
        step: "body",
        host,
        outcome: hasTimedOut ? "timeout" : "ok",
        limitMs: timeoutMs,
        elapsedMs,
      });
    try {
      return await readText(response, { maxBytes: maxBodyBytes, idleMs: timeoutMs, signal, onIdle });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw this.#clean(networkFailure(error, what, URL.parse(response.url)?.host ?? "the server"));
    }
  }

  #timeoutMs(host: string, step: "headers" | "body"): number {
    const { hostTimeouts, timeoutMs } = this.#settled;
    return hostTimeouts?.of(host)[step] ?? timeoutMs;
  }

  /** `fetch` does not tell the age of its connection. */
  #reportWait({ operation = "api", attempt = 1 }: Exchange, wait: Omit<StepWait, "connectionAgeMs">): void {
    this.#settled.onWait?.({ ...wait, operation, attempt, connectionAgeMs: null });
  }

  /** Build the error for a refusal. */
  refusal(response: Response, text: string, what: string): FailureError {
    const { token, clock, base } = this.#settled;
    const { status, headers } = response;
    const customAddress = CIVITAI_ORIGINS.includes(base.href) ? undefined : base.href;
    const options = { what, hasToken: token !== undefined, nowMs: clock.now(), customAddress };
    return this.#clean(classifyResponse({ status, headers, text }, options));
  }

  /** Remove secrets from a message, which may quote the server or the platform. */
  #clean(error: FailureError): FailureError {
    error.message = this.#settled.redact(error.message);
    return error;
  }
}
