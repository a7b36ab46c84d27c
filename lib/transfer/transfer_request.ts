import { FailureError, type FailureErrorOptions } from "../failsafe/mod.ts";

/** Where the bytes are right now. */
export interface ResolvedSource {
  /** The final URL; may be signed, so it is never stored nor shown. */
  readonly url: string;
  /** Headers for exactly this host, such as a token for the API's own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Finds the URL; `fresh` asks for a new one because the last has expired. Whoever finds it retries by itself: an error
 * ends the transfer.
 */
export type ResolveSource = (
  options: { readonly fresh: boolean; readonly signal: AbortSignal },
) => Promise<ResolvedSource>;

/** One file to fetch. */
export interface TransferRequest {
  /** The final name; nothing stands there until the file is whole and verified. */
  readonly path: string;
  /** What the file is, as the caller knows it; a part of another identity is not resumed. */
  readonly identity: Readonly<Record<string, string | number>>;
  /** Expected SHA-256, hex; absent when nobody published one. */
  readonly sha256?: string | null | undefined;
  /** Finds the URL. */
  readonly resolve: ResolveSource;
}

/** Keeps room on the disk for a file. Both throw when there is none, which ends the transfer. */
export interface TransferRoom {
  /** A try begins; nothing of it is written yet. */
  begin(facts: { readonly totalBytes: number | null; readonly keptBytes: number }): void;
  /** Bytes have come and are to be written. */
  take(count: number): void;
}

/** What a finished transfer tells. */
export interface TransferResult {
  /** Bytes of the file. */
  readonly sizeBytes: number;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  /** CRC-32 of each 16 MiB block. */
  readonly blocks: Uint32Array;
  /** The server's validator, if it gave one. */
  readonly etag: string | null;
  /** Bytes that came over the line in this call. */
  readonly fetchedBytes: number;
  /** Bytes taken over from an earlier part. */
  readonly resumedBytes: number;
  /** Tries after the first. */
  readonly retries: number;
}

/** What happens during a transfer; `bytes` counts since the last such event. */
export type TransferEvent =
  | { readonly type: "started"; readonly totalBytes: number; readonly resumedBytes: number }
  | { readonly type: "bytes"; readonly count: number }
  | { readonly type: "connections"; readonly count: number; readonly reason: string }
  | { readonly type: "restarted"; readonly reason: string; readonly lostBytes: number }
  | { readonly type: "retry"; readonly attempt: number; readonly waitMs: number; readonly failure: string }
  | { readonly type: "verifying" }
  | { readonly type: "done"; readonly sizeBytes: number };

/** The whole file came, but it is not the one that was promised; it is still at `partPath`. */
export class IntegrityError extends FailureError {
  /** The name that stack traces print. */
  override name = "IntegrityError";
  /** What came. */
  readonly actual: { readonly sha256: string; readonly sizeBytes: number };
  /** Where it is. */
  readonly partPath: string;

  /**
   * Make one.
   *
   * @param message Action first, colon, state
   * @param detail What came, and where it is
   * @param options Hint and cause
   */
  constructor(
    message: string,
    detail: {
      readonly actual: { readonly sha256: string; readonly sizeBytes: number };
      readonly partPath: string;
    },
    options: FailureErrorOptions = {},
  ) {
    super("integrity", message, { retryable: false, ...options });
    this.actual = detail.actual;
    this.partPath = detail.partPath;
  }
}
