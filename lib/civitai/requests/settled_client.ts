import type { Clock, Env, Random, Redactor } from "../../base/mod.ts";
import type { HostLimits, HostTimeouts, TimedWait } from "../../failsafe/mod.ts";
import type { LookUp } from "./_look_up_host.ts";
import type { BaseUrl } from "./parse_base_url.ts";
import type { ResponseCache } from "./response_cache.ts";
import type { RequestNotice, RequestRetryNotice } from "../client_events.ts";
import type { ClientOptions } from "../client_options.ts";

/** A group of calls that share one rate limit. */
export type Lane = "model" | "image" | "download";

/** The client's options with all defaults applied. */
export interface SettledClient {
  readonly base: BaseUrl;
  readonly mirror: BaseUrl | null;
  readonly token: string | undefined;
  readonly userAgent: string;
  readonly fetch: typeof globalThis.fetch;
  /** `null` when `fetch` is replaced: the replacement may not need host names at all. */
  readonly lookUp: LookUp | null;
  readonly env: Env;
  readonly clock: Clock;
  readonly random: Random;
  readonly redact: Redactor;
  /** Requests per second; 0 for no limit. */
  readonly rates: Readonly<Record<Lane, number>>;
  readonly maxRetries: number;
  /** `Infinity` for as many as otherwise. */
  readonly unansweredRetries: number;
  readonly timeoutMs: number;
  readonly hostTimeouts: HostTimeouts | undefined;
  readonly patienceMs: number;
  readonly maxBodyBytes: number;
  readonly limits: HostLimits;
  readonly admit: NonNullable<ClientOptions["admit"]>;
  readonly cache: ResponseCache | undefined;
  readonly onRequest: (notice: RequestNotice) => void;
  readonly onWait: ((wait: TimedWait) => void) | undefined;
  readonly onRetry: (notice: RequestRetryNotice) => void;
}
