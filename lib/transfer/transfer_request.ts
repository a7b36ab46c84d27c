import type { PartDecision } from "./part/part_journal.ts";
import type { Profile } from "./profile.ts";
import { FailureError, type FailureErrorOptions } from "../failsafe/mod.ts";

/** The current location of the bytes. */
export interface ResolvedSource {
  /** The final URL; may be signed, so it is neither stored nor shown. */
  readonly url: string;
  /** Headers for this host only, such as a token for the API's own host. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Resolves the URL; `fresh` requests a new URL because the last one has expired. The resolver must make its own
 * retries, because an error that it throws ends the transfer.
 */
export type ResolveSource = (
  options: { readonly fresh: boolean; readonly signal: AbortSignal },
) => Promise<ResolvedSource>;

/** Where the bytes of a transfer come from, and how. */
export interface SourceRequest {
  /** The final name. */
  readonly path: string;
  /** Resolves the URL; called before each request. */
  readonly resolve: ResolveSource;
  /**
   * Timeouts, retries and connections.
   *
   * @default {PROFILES.resilient}
   */
  readonly profile?: Profile | undefined;
  /**
   * Throws if an address must not be requested. The transfer then follows redirects, and checks each address first; for
   * public files only, since every host gets the same headers.
   */
  readonly checkAddress?: ((url: URL) => void) | undefined;
}

/** One file to fetch. */
export interface TransferRequest extends SourceRequest {
  /** The final name; no file exists there until it is complete and verified. The folder must exist. */
  readonly path: string;
  /** Identifies the file for the caller; a part with another identity is not resumed. */
  readonly identity: Readonly<Record<string, string | number>>;
  /** Expected SHA-256, hex; absent or `null` if none was published. */
  readonly sha256?: string | null | undefined;
  /**
   * Returns the maximum number of connections for the file now, which may change while it is under way. Called before
   * connections are added.
   *
   * @default {the number in the profile}
   */
  readonly segments?: (() => number) | undefined;
  /**
   * Maximum size of the file. If the body is larger, or is announced as larger, the transfer fails with `too-large`,
   * and the part is kept.
   *
   * @default {Infinity}
   */
  readonly maxBytes?: number | undefined;
  /** Why this profile fetches the file; recorded in the journal of the part. Absent if nobody decides. */
  readonly decision?: Omit<PartDecision, "fromBytes"> | undefined;
}

/** Who follows a transfer, and may stop it. */
export interface TransferOptions {
  /** Stops the transfer; the part stays resumable. */
  readonly signal?: AbortSignal | undefined;
  /** Receives the events of the transfer. */
  readonly onEvent?: ((event: TransferEvent) => void) | undefined;
  /**
   * Inspects the complete part before it is renamed to its final name; a returned string rejects it, and is the reason.
   */
  readonly inspect?: ((partPath: string) => Promise<string | null>) | undefined;
  /** Reserves disk space while bytes arrive; if absent, free space is not checked. */
  readonly space?: TransferSpace | undefined;
}

/** Reserves disk space for a file. Both methods throw if there is not enough, which ends the transfer. */
export interface TransferSpace {
  /** Called when an attempt begins, before it writes anything. `totalBytes` is `null` if the size is unknown. */
  begin(facts: { readonly totalBytes: number | null; readonly keptBytes: number }): void;
  /** Called with the number of bytes that arrived, before they are written. */
  take(count: number): void;
}

/** Result of a finished transfer. */
export interface TransferResult {
  /** Size of the file in bytes. */
  readonly sizeBytes: number;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  /** CRC-32 of each 16 MiB block. */
  readonly blocks: Uint32Array;
  /** The server's strong validator; `null` if it sent none. */
  readonly etag: string | null;
  /** Bytes received from the network in this call. */
  readonly fetchedBytes: number;
  /** Bytes reused from an earlier part. */
  readonly resumedBytes: number;
  /** Number of attempts after the first. */
  readonly retries: number;
}

/** An event of a transfer. A `bytes` event counts the bytes since the previous one. */
export type TransferEvent =
  | { readonly type: "started"; readonly totalBytes: number; readonly resumedBytes: number }
  | {
    readonly type: "bytes";
    readonly count: number;
    /** Time that the connection waited for them, in milliseconds. */
    readonly waitedMs: number;
  }
  | { readonly type: "connections"; readonly count: number; readonly reason: string }
  | { readonly type: "restarted"; readonly reason: string; readonly lostBytes: number }
  | { readonly type: "retry"; readonly attempt: number; readonly waitMs: number; readonly failure: string }
  | { readonly type: "verifying" }
  /** The file system cannot flush files; a power cut soon after the end may lose the file. */
  | { readonly type: "unflushed" }
  | { readonly type: "done"; readonly sizeBytes: number };

/**
 * Thrown if a file is complete but is not the expected one. The file is kept at `partPath`.
 *
 * @example
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * import { createTransport, IntegrityError, openLine, transferFile } from "@civitai-dl/civitai-dl/transfer";
 *
 * await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response("hello"));
 * using transport = createTransport();
 * using line = openLine({ transport: transport.send });
 * const path = `${await Deno.makeTempDir()}/a.safetensors`;
 * const resolve = () => Promise.resolve({ url: `http://127.0.0.1:${server.addr.port}/a` });
 * const request = { path, identity: { fileId: 7 }, sha256: "0".repeat(64), resolve };
 * const error = await assertRejects(() => transferFile(request, line), IntegrityError);
 * assertEquals(error.partPath, `${path}.part`);
 * ```
 */
export class IntegrityError extends FailureError {
  /** The name that stack traces print. */
  override name = "IntegrityError";
  /** Digest and size of the received file. */
  readonly actual: { readonly sha256: string; readonly sizeBytes: number };
  /** Path of the part that holds it. */
  readonly partPath: string;

  /**
   * Not retryable unless `options` says otherwise.
   *
   * @param message Action first, colon, state
   * @param detail Digest and size of the received file, and the path of its part
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
