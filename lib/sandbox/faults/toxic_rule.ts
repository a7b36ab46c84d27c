/** Which server route a request is on. */
export type ToxicRoute = "api" | "download" | "storage" | "image";

/** What every rule can say. */
export interface ToxicScope {
  /**
   * Part of the requests that are affected.
   *
   * @default {1}
   */
  readonly rate?: number | undefined;
  /** Another seed affects other requests; by default the sandbox's. */
  readonly seed?: number | undefined;
  /** Only these routes; by default those on which the fault makes sense. */
  readonly on?: readonly ToxicRoute[] | undefined;
  /**
   * How many requests for the same thing are affected in a row, once one is.
   *
   * @default {1}
   */
  readonly burst?: number | undefined;
  /** Only the first requests for each thing, so that a retry succeeds. */
  readonly first?: number | undefined;
}

/** A wait before the answer. */
export interface DelayToxic extends ToxicScope {
  /** `latency` waits `ms`, `jitter` anything up to it. */
  readonly type: "latency" | "jitter";
  /** Milliseconds. */
  readonly ms: number;
}

/** A cap for each connection. */
export interface BandwidthToxic extends ToxicScope {
  /** Each connection is slow. */
  readonly type: "bandwidth";
  /** At most this. */
  readonly bytesPerSecond: number;
}

/** A body that comes in sips. */
export interface SlowBodyToxic extends ToxicScope {
  /** The body pauses. */
  readonly type: "slowBody";
  /** Pause after each piece. */
  readonly ms: number;
  /**
   * Size of a piece.
   *
   * @default {16_384}
   */
  readonly chunkBytes?: number | undefined;
}

/** A body that breaks. */
export interface CutToxic extends ToxicScope {
  /**
   * `reset` breaks the connection, `stall` keeps it open and sends nothing more, `truncate` closes it in order, although
   * more was promised, `corrupt` changes one byte.
   */
  readonly type: "reset" | "stall" | "truncate" | "corrupt";
  /** After that many bytes of the body; a shorter body is left alone. Without it, somewhere in every body. */
  readonly atByte?: number | undefined;
}

/** A range that is not the one that was asked for. */
export interface WrongRangeToxic extends ToxicScope {
  /** Ranges are wrong. */
  readonly type: "wrongRange";
  /**
   * `ignore` answers 200 with everything, `start` begins elsewhere, `total` names another size.
   *
   * @default {"start"}
   */
  readonly how?: "ignore" | "start" | "total" | undefined;
}

/** An error that passes. */
export interface ServerErrorToxic extends ToxicScope {
  /** The server fails. */
  readonly type: "serverError";
  /** 500 and 503 are JSON, the others a page of Cloudflare; by default any of them. */
  readonly status?: number | undefined;
}

/** A request to slow down. */
export interface ThrottleToxic extends ToxicScope {
  /** The caller is too fast. */
  readonly type: "throttle";
  /**
   * What Retry-After says, in seconds; negative leaves it out.
   *
   * @default {1}
   */
  readonly retryAfterSeconds?: number | undefined;
  /**
   * How it says it.
   *
   * @default {"seconds"}
   */
  readonly form?: "seconds" | "date" | undefined;
}

/** Faults without further choices. */
export interface PlainToxic extends ToxicScope {
  /**
   * `changedEtag` gives the file another ETag, `expiredUrl` refuses the signed URL, `loginHtml` answers 200 with a
   * sign-in page, `emptyImages` answers an image query with nothing, `controlCharacters` leaves raw ones in the JSON.
   */
  readonly type: "changedEtag" | "expiredUrl" | "loginHtml" | "emptyImages" | "controlCharacters";
}

/** A fault, and how often it happens. Which requests it hits depends on seed, route, thing and count only. */
export type ToxicRule =
  | DelayToxic
  | BandwidthToxic
  | SlowBodyToxic
  | CutToxic
  | WrongRangeToxic
  | ServerErrorToxic
  | ThrottleToxic
  | PlainToxic;

/** The name of a fault. */
export type ToxicType = ToxicRule["type"];

/** The routes that a fault is on unless its rule says otherwise. */
export const TOXIC_ROUTES: Readonly<Record<ToxicType, readonly ToxicRoute[]>> = {
  latency: ["api", "download", "storage", "image"],
  jitter: ["api", "download", "storage", "image"],
  bandwidth: ["storage", "image"],
  slowBody: ["storage"],
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
