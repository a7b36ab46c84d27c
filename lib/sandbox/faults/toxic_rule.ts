/** The group of routes that a request belongs to. */
export type ToxicRoute = "api" | "download" | "storage" | "image";

/** Settings that every rule has. */
export interface ToxicScope {
  /**
   * Fraction of the requests that are affected, 0 to 1.
   *
   * @default {1}
   */
  readonly rate?: number | undefined;
  /** Seed that decides which requests are affected; by default that of the sandbox. */
  readonly seed?: number | undefined;
  /** Affect only these routes; by default those of {@linkcode TOXIC_ROUTES}. */
  readonly on?: readonly ToxicRoute[] | undefined;
  /**
   * How many consecutive requests for the same resource are affected when one is.
   *
   * @default {1}
   */
  readonly burst?: number | undefined;
  /**
   * Affect only the first requests for each resource, up to this number, so that a retry succeeds. By default, there is
   * no limit.
   */
  readonly first?: number | undefined;
}

/** A delay before the response. */
export interface DelayToxic extends ToxicScope {
  /** `latency` waits for `ms`, `jitter` for a random time up to `ms`. */
  readonly type: "latency" | "jitter";
  /** Delay in milliseconds. */
  readonly ms: number;
}

/** A limit on the bandwidth. */
export interface BandwidthToxic extends ToxicScope {
  /** Sends the body of each response at a limited rate. */
  readonly type: "bandwidth";
  /** The limit, in bytes per second. */
  readonly bytesPerSecond: number;
}

/** A body that is sent in small chunks with pauses between them. */
export interface SlowBodyToxic extends ToxicScope {
  /** Sends the body in chunks, with a pause after each. */
  readonly type: "slowBody";
  /** Pause after each chunk, in milliseconds. */
  readonly ms: number;
  /**
   * Size of a chunk in bytes.
   *
   * @default {16_384}
   */
  readonly chunkBytes?: number | undefined;
}

/** A line that is nearly silent for a while. */
export interface TrickleToxic extends ToxicScope {
  /** Sends the body at a low rate for a time, then the rest at full speed. */
  readonly type: "trickle";
  /** Bytes per second during that time. */
  readonly bytesPerSecond: number;
  /**
   * How long the line is slow, in milliseconds.
   *
   * @default {10_000}
   */
  readonly forMs?: number | undefined;
}

/** A body that is cut off or damaged. */
export interface CutToxic extends ToxicScope {
  /**
   * `reset` breaks the connection. `stall` keeps it open and sends nothing more. `truncate` closes it normally,
   * although more bytes were announced. `corrupt` changes one byte.
   */
  readonly type: "reset" | "stall" | "truncate" | "corrupt";
  /** Offset in the body, in bytes; a shorter body is not affected. By default, a random offset in each body. */
  readonly atByte?: number | undefined;
}

/** A range that differs from the requested one. */
export interface WrongRangeToxic extends ToxicScope {
  /** Sends a wrong response to range requests. */
  readonly type: "wrongRange";
  /**
   * `ignore` responds with 200 and the whole file, `start` begins one byte off, `total` states a wrong total size.
   *
   * @default {"start"}
   */
  readonly how?: "ignore" | "start" | "total" | undefined;
}

/** A transient server error. */
export interface ServerErrorToxic extends ToxicScope {
  /** Responds with a server error. */
  readonly type: "serverError";
  /**
   * HTTP status, 500 to 599. 500 and 503 are sent as JSON, the others as a Cloudflare page. By default one of 500, 502,
   * 503, 504, 520 and 524.
   */
  readonly status?: number | undefined;
}

/** A response that asks the caller to slow down. */
export interface ThrottleToxic extends ToxicScope {
  /** Responds with 429. */
  readonly type: "throttle";
  /**
   * Value of the header `Retry-After`, in seconds; a negative value omits the header.
   *
   * @default {1}
   */
  readonly retryAfterSeconds?: number | undefined;
  /**
   * Form of the header: a number of seconds, or a date.
   *
   * @default {"seconds"}
   */
  readonly form?: "seconds" | "date" | undefined;
}

/** A fault without further settings. */
export interface PlainToxic extends ToxicScope {
  /**
   * `silence` keeps the connection open and sends nothing at all, not even headers. `changedEtag` changes the ETag of the
   * file. `expiredUrl` refuses the signed URL. `loginHtml` responds with 200 and a sign-in page. `emptyImages` returns an
   * empty list for an image query. `controlCharacters` puts raw control characters into the JSON.
   */
  readonly type: "silence" | "changedEtag" | "expiredUrl" | "loginHtml" | "emptyImages" | "controlCharacters";
}

/**
 * A fault, and how often it happens. Which requests it affects depends only on the rule, its position among the rules,
 * the seed, the route, the requested resource and the number of earlier requests for it.
 */
export type ToxicRule =
  | DelayToxic
  | BandwidthToxic
  | SlowBodyToxic
  | TrickleToxic
  | CutToxic
  | WrongRangeToxic
  | ServerErrorToxic
  | ThrottleToxic
  | PlainToxic;

/** The name of a fault. */
export type ToxicType = ToxicRule["type"];

/** The routes that each fault affects by default. */
export const TOXIC_ROUTES: Readonly<Record<ToxicType, readonly ToxicRoute[]>> = {
  latency: ["api", "download", "storage", "image"],
  jitter: ["api", "download", "storage", "image"],
  bandwidth: ["storage", "image"],
  slowBody: ["storage"],
  trickle: ["storage"],
  silence: ["api", "download", "storage", "image"],
  reset: ["storage"],
  stall: ["storage"],
  truncate: ["storage"],
  corrupt: ["storage"],
  wrongRange: ["storage"],
  changedEtag: ["storage"],
  expiredUrl: ["storage"],
  loginHtml: ["download"],
  serverError: ["api", "download", "storage", "image"],
  throttle: ["api", "download"],
  emptyImages: ["api"],
  controlCharacters: ["api"],
};
