import { type Clock, isDenoError, mayUseProxy, systemClock, systemEnv } from "../../base/mod.ts";
import { type FailureClass, FailureError, wrapFailure } from "../../failsafe/mod.ts";
import { canConnect } from "./_can_connect.ts";
import { readRetryAfter } from "./_read_retry_after.ts";
import type { ReceiverOptions } from "./receiver.ts";

/** One request. */
export interface HttpMessage {
  /** The address; may contain secrets. */
  readonly url: URL;
  /**
   * Method of HTTP.
   *
   * @default {"POST"}
   */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Maximum number of redirects within one host; a working service needs fewer. */
const MAX_HOPS = 3;
/** Upper limit for the wait that a service asks for. */
const MAX_WAIT_MS = 3_600_000;
/** Timers may fire a little early. */
const SLACK_MS = 50;

/** Failure classes of HTTP statuses; any other 4xx is `rejected`, any other 5xx `server`. */
const CLASSES: Readonly<Record<number, FailureClass>> = {
  401: "login",
  403: "forbidden",
  404: "gone",
  408: "timeout",
  410: "gone",
  429: "throttled",
};

const HINTS: Partial<Record<FailureClass, string>> = {
  connection: "Check the receiver's URL, and whether the service runs",
  login: "Check user, password or token in the receiver's URL",
  forbidden: "Check the token in the receiver's URL, and what it may do",
  gone: "Check the receiver's URL: the service has no such address",
  rejected: "Check the receiver's URL: the service does not take the message",
};

/**
 * Sends single requests to one service, without retries. Only 2xx is a success, and redirects to another host are not
 * followed. A Retry-After also applies to later calls. Errors name the service by `description`, never by its URL.
 */
export class HttpSender {
  readonly #description: string;
  readonly #fetch: typeof fetch;
  readonly #clock: Clock;
  readonly #ca: string | undefined;
  readonly #isDirect: boolean;
  #notBefore = -Infinity;

  /** Create a sender; `description` names the service in errors and must not contain secrets. */
  constructor(description: string, seams: ReceiverOptions = {}) {
    this.#description = description;
    this.#isDirect = seams.fetch === undefined;
    this.#fetch = seams.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#clock = seams.clock ?? systemClock;
    this.#ca = seams.ca;
  }

  /** Post a JSON document. */
  post(url: URL, json: unknown, options: { signal: AbortSignal; headers?: Record<string, string> }): Promise<void> {
    const headers = { "content-type": "application/json", ...options.headers };
    return this.send({ url, headers, body: JSON.stringify(json) }, options);
  }

  /** Send a request; `check` may read the body of a 2xx response, and throw to reject it. */
  async send(
    message: HttpMessage,
    options: { readonly signal: AbortSignal; readonly check?: (response: Response) => Promise<void> },
  ): Promise<void> {
    this.#assertNotThrottled();
    const client = this.#ca === undefined ? undefined : Deno.createHttpClient({ caCerts: [this.#ca] });
    try {
      await this.#sendFollowing(message, { ...options, client });
    } finally {
      client?.close();
    }
  }

  /**
   * Whether the service takes connections now. With a proxy, or with a `fetch` of the caller's, it cannot be known, and
   * the result is `true`.
   */
  isReachable(url: URL, options: { readonly signal: AbortSignal }): Promise<boolean> {
    if (!this.#isDirect || mayUseProxy(url, systemEnv)) return Promise.resolve(true);
    const isSecure = url.protocol === "https:";
    const hostname = url.hostname.replace(/^\[|\]$/g, "");
    return canConnect({ hostname, port: Number(url.port) || (isSecure ? 443 : 80), isSecure }, options);
  }

  async #sendFollowing(
    message: HttpMessage,
    options: {
      readonly signal: AbortSignal;
      readonly check?: ((response: Response) => Promise<void>) | undefined;
      readonly client: Deno.HttpClient | undefined;
    },
  ): Promise<void> {
    let url = message.url;
    for (let hop = 0;; hop++) {
      const response = await this.#request({ ...message, url }, options.signal, options.client);
      try {
        if (response.ok) return await options.check?.(response);
        if (response.status < 300 || response.status >= 400) throw await this.#refusal(response);
        url = this.#follow(response, url, hop);
      } finally {
        // Canceling fails only if the body is already closed.
        await response.body?.cancel().catch(() => {});
      }
    }
  }

  async #request(message: HttpMessage, signal: AbortSignal, client?: Deno.HttpClient): Promise<Response> {
    const { url, method = "POST", headers = {}, body } = message;
    try {
      return await this.#fetch(url, {
        method,
        signal,
        redirect: "manual",
        headers: { ...headers },
        ...(body === undefined ? {} : { body }),
        ...(client === undefined ? {} : { client }),
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw this.#toSafeError(error);
    }
  }

  /** The platform's errors quote the URL with its secrets, so they are not kept as `cause` either. */
  #toSafeError(error: unknown): FailureError {
    if (isDenoError(error, "NotCapable")) {
      return this.#fail("rejected", "the runtime does not permit the connection", {
        hint: "Name the host in --allow-net, or in the task's permissions",
      });
    }
    const wrapped = wrapFailure(error, `Cannot notify "${this.#description}"`);
    if (wrapped instanceof FailureError) {
      const { failure, message } = wrapped;
      const hint = HINTS[failure] ?? wrapped.hint;
      return new FailureError(failure, message, hint === undefined ? {} : { hint });
    }
    return this.#fail("unknown", "the request failed");
  }

  /** Throw if the wait that the service asked for is not over yet. */
  #assertNotThrottled(): void {
    const waitMs = this.#notBefore - this.#clock.monotonic();
    if (waitMs <= SLACK_MS) return;
    throw this.#fail("throttled", "the service asked to wait", { retryAfterMs: waitMs });
  }

  async #refusal(response: Response): Promise<FailureError> {
    const { status } = response;
    const retryAfterMs = await readRetryAfter(response, this.#clock.now());
    if (retryAfterMs !== undefined) {
      this.#notBefore = this.#clock.monotonic() + Math.min(MAX_WAIT_MS, retryAfterMs);
    }
    const failure = CLASSES[status] ?? (status >= 500 ? "server" : "rejected");
    const hint = HINTS[failure];
    return this.#fail(failure, `it answered ${status}`, {
      status,
      retryAfterMs,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  #follow(response: Response, url: URL, hop: number): URL {
    const { status } = response;
    const location = response.headers.get("location");
    const next = location === null ? null : URL.parse(location, url);
    if (next === null) throw this.#fail("rejected", `it answered ${status} without an address`, { status });
    const options = { status, hint: "Write the final address into the receiver's URL" };
    if (next.host !== url.host || next.protocol !== url.protocol) {
      const origin = `${next.protocol}//${next.host}`;
      throw this.#fail("refused-host", `it redirects to another host, "${origin}", which is not followed`, options);
    }
    // 301, 302 and 303 turn a POST into a GET, which would lose the message.
    if (status !== 307 && status !== 308) throw this.#fail("rejected", `it redirects (${status})`, options);
    if (hop >= MAX_HOPS) throw this.#fail("rejected", `more than ${MAX_HOPS} redirects`, options);
    return next;
  }

  #fail(
    failure: FailureClass,
    state: string,
    options: ConstructorParameters<typeof FailureError>[2] = {},
  ): FailureError {
    return new FailureError(failure, `Cannot notify "${this.#description}": ${state}`, options);
  }
}
