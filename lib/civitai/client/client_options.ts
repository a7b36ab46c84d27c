import type { Clock, Env, Random } from "../../base/mod.ts";
import type { Admission, HostLimits } from "../../failsafe/mod.ts";
import type { AnswerCache } from "./answer_cache.ts";
import type { RequestNotice, RequestRetryNotice } from "./client_events.ts";

/** Options of `createClient`. */
export interface ClientOptions {
  /**
   * Where the API is; may have a path before `/api`.
   *
   * @default {"https://civitai.com"}
   */
  readonly baseUrl?: string | undefined;
  /**
   * Asked once for a thing that the base does not find; `null` for none.
   *
   * @default {"https://civitai.red" when the base is https://civitai.com, else none}
   */
  readonly mirrorUrl?: string | null | undefined;
  /** Sent to base and mirror only, as a header. */
  readonly token?: string | undefined;
  /**
   * What we call ourselves; must not look like a browser, which gets web pages for errors.
   *
   * @default {"Civitai-DL/<version> (+https://github.com/civitai-dl/civitai-dl)"}
   */
  readonly userAgent?: string | undefined;
  /**
   * Requests a second for models, versions and hashes; 0 for no limit.
   *
   * @default {0.5}
   */
  readonly modelRate?: number | undefined;
  /**
   * Requests a second for images.
   *
   * @default {2}
   */
  readonly imageRate?: number | undefined;
  /**
   * Downloads resolved a second.
   *
   * @default {2}
   */
  readonly downloadRate?: number | undefined;
  /**
   * Retries after the first try.
   *
   * @default {5}
   */
  readonly maxRetries?: number | undefined;
  /**
   * Longest wait for headers, and for the next bytes of a body.
   *
   * @default {30000}
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Give up a question after this time if the service says nothing at all, however many retries are left.
   *
   * @default {300000}
   */
  readonly patienceMs?: number | undefined;
  /**
   * Largest answer, after decompression.
   *
   * @default {33554432}
   */
  readonly maxBodyBytes?: number | undefined;
  /** Storage hosts besides Civitai's own: names, or `*.` and a domain. */
  readonly allowedHosts?: readonly string[] | undefined;
  /**
   * Keeps answers with their validators, so that what did not change is not sent again. The account's own data is never
   * kept.
   *
   * @default {none}
   */
  readonly cache?: AnswerCache | undefined;
  /**
   * How many requests each host may have in flight; share it with whoever else talks to these hosts.
   *
   * @default {new HostLimits()}
   */
  readonly limits?: HostLimits | undefined;
  /**
   * Asked before each request whether the host may be asked at all, and told how that went, such as `Failsafe.admit`;
   * may wait until it may be. What it throws ends the question.
   *
   * @default {none: it always may}
   */
  readonly admit?:
    | ((
      host: string,
      options: { readonly signal?: AbortSignal | undefined },
    ) => Admission | null | Promise<Admission | null>)
    | undefined;
  /** Told each exchange. */
  readonly onRequest?: ((notice: RequestNotice) => void) | undefined;
  /** Told before each wait for another try. */
  readonly onRetry?: ((notice: RequestRetryNotice) => void) | undefined;
  /**
   * Sends the requests.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * Finds the addresses of a host before the first request, so that a missing network is reported within seconds; `null`
   * leaves names to `fetch`. Rejects with an error whose `code` is that of getaddrinfo(3).
   *
   * @default {node:dns lookup() with the default `fetch`, else `null`}
   */
  readonly lookUp?: ((hostname: string) => Promise<unknown>) | null | undefined;
  /**
   * The environment, for the proxies.
   *
   * @default {systemEnv}
   */
  readonly env?: Env | undefined;
  /**
   * Waits and stamps.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * The dice of the backoff.
   *
   * @default {Math.random}
   */
  readonly random?: Random | undefined;
}
