import type { Clock, Env, Random } from "../base/mod.ts";
import type { Admission, HostLimits, HostTimeouts, TimedWait } from "../failsafe/mod.ts";
import type { ResponseCache } from "./requests/response_cache.ts";
import type { RequestNotice, RequestRetryNotice } from "./client_events.ts";

/** Options of `createClient`. */
export interface ClientOptions {
  /**
   * The API's address; may contain a path before `/api`.
   *
   * @default {"https://civitai.com"}
   */
  readonly baseUrl?: string | undefined;
  /**
   * A second API, which each call tries once if the base does not find the requested item; `null` for none.
   *
   * @default {"https://civitai.red" when the base is https://civitai.com, else none}
   */
  readonly mirrorUrl?: string | null | undefined;
  /** The API key. It is sent as a header, and only to the base and the mirror. */
  readonly token?: string | undefined;
  /** Where the key was found, such as `CIVITAI_API_KEY` or a file; for advice about a key that is refused. */
  readonly tokenOrigin?: string | undefined;
  /**
   * The User-Agent. It must not look like a browser's: browsers get web pages instead of errors.
   *
   * @default {"Civitai-DL/<version> (+https://github.com/civitai-dl/civitai-dl)"}
   */
  readonly userAgent?: string | undefined;
  /**
   * Requests per second for models, versions and hashes; 0 for no limit.
   *
   * @default {0.5}
   */
  readonly modelRate?: number | undefined;
  /**
   * Requests per second for images; 0 for no limit.
   *
   * @default {2}
   */
  readonly imageRate?: number | undefined;
  /**
   * Requests per second to the download route; 0 for no limit.
   *
   * @default {2}
   */
  readonly downloadRate?: number | undefined;
  /**
   * Retries after the first attempt.
   *
   * @default {5}
   */
  readonly maxRetries?: number | undefined;
  /**
   * Retries while nothing has ever responded, for callers that can go on without the service.
   *
   * @default {maxRetries}
   */
  readonly unansweredRetries?: number | undefined;
  /**
   * Maximum wait for headers, and for the next bytes of a body, in milliseconds. Capped at `patienceMs`.
   *
   * @default {30000}
   */
  readonly timeoutMs?: number | undefined;
  /** Timeouts set for single hosts: `headers` and `body` replace `timeoutMs`. */
  readonly hostTimeouts?: HostTimeouts | undefined;
  /**
   * How long to retry while the service does not respond at all, in milliseconds. After that time the call fails even
   * if retries are left.
   *
   * @default {300000}
   */
  readonly patienceMs?: number | undefined;
  /**
   * Maximum size of a body in bytes, after decompression.
   *
   * @default {33554432}
   */
  readonly maxBodyBytes?: number | undefined;
  /** Storage hosts to allow in addition to Civitai's own: host names, or `*.` followed by a domain. */
  readonly allowedHosts?: readonly string[] | undefined;
  /**
   * Caches responses with their ETags, so that unchanged data is not sent again. Account data is never cached.
   *
   * @default {undefined}
   */
  readonly cache?: ResponseCache | undefined;
  /**
   * Limits the requests in flight per host. Share it with all other users of these hosts.
   *
   * @default {new HostLimits()}
   */
  readonly limits?: HostLimits | undefined;
  /**
   * Asked before each request to a host, as `Failsafe.admit` is. The returned admission receives the outcome. The
   * function may wait. An error that it throws ends the call. If absent, every request is admitted.
   *
   * @default {undefined}
   */
  readonly admit?:
    | ((
      host: string,
      options: { readonly signal?: AbortSignal | undefined },
    ) => Admission | null | Promise<Admission | null>)
    | undefined;
  /** Called after each exchange, including failed ones. */
  readonly onRequest?: ((notice: RequestNotice) => void) | undefined;
  /** Called with each wait that a timeout limits: for headers, and for the next bytes of a body. */
  readonly onWait?: ((wait: TimedWait) => void) | undefined;
  /** Called before each wait for another attempt. */
  readonly onRetry?: ((notice: RequestRetryNotice) => void) | undefined;
  /**
   * Sends the requests.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * Resolves host names until the first response has arrived, so that a missing network is reported within seconds;
   * `null` leaves names to `fetch`. Must reject with an error whose `code` is that of getaddrinfo(3).
   *
   * @default {node:dns lookup() with the default `fetch`, else `null`}
   */
  readonly lookUp?: ((hostname: string) => Promise<unknown>) | null | undefined;
  /**
   * Read for proxy settings.
   *
   * @default {systemEnv}
   */
  readonly env?: Env | undefined;
  /**
   * The source of time and of waits.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * The source of randomness for the backoff.
   *
   * @default {Math.random}
   */
  readonly random?: Random | undefined;
}
