import { basename } from "node:path";
import { formatSize } from "../base/mod.ts";
import { FailureError } from "../failsafe/mod.ts";
import type { FileDigests } from "./part/hash_follower.ts";
import { followRedirects } from "./http/follow_redirects.ts";
import type { Line } from "./line.ts";
import { type PartJournal, writeJournal } from "./part/part_journal.ts";
import { type Profile, PROFILES } from "./profile.ts";
import type {
  ResolvedSource,
  TransferEvent,
  TransferOptions,
  TransferRequest,
  TransferSpace,
} from "./transfer_request.ts";
import type { Transport } from "./http/transport.ts";

/** Facts about a part that holds every byte of its file. */
export interface FinishedPart extends FileDigests {
  readonly sizeBytes: number;
  readonly etag: string | null;
}

/** A resolved source; `generation` counts its renewals, so that only the first report of an expiry renews it. */
export interface Location {
  readonly source: ResolvedSource;
  readonly generation: number;
}

/** State shared by the attempts and connections of one transfer. */
export class TransferState {
  readonly request: TransferRequest;
  readonly line: Line;
  readonly name: string;
  readonly profile: Profile;
  /** Sends the requests; follows redirects if the addresses are to be checked. */
  readonly send: Transport;
  /** Returns the maximum number of connections now. */
  readonly segments: () => number;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly space: TransferSpace | undefined;
  readonly onEvent: (event: TransferEvent) => void;
  journal: PartJournal | null = null;
  /** Whether some attempt found an existing part, which may have a journal. */
  hadPart = false;
  /** Number of the attempt under way, from 1. */
  attempt = 0;
  fetchedBytes = 0;
  resumedBytes = 0;
  /** When the last `stallBytes` bytes had arrived, or when the transfer began, in monotonic milliseconds. */
  lastBytesAt: number;
  #bytesSince = 0;
  #canBeShared = true;
  #isStarted = false;
  #saving: Promise<void> | undefined;
  #isStale = false;
  #onSaved: (() => void) | undefined;
  #generation = 0;
  #needsFresh = false;
  #locateError: unknown;
  #host: string | null = null;

  constructor(request: TransferRequest, line: Line, options: Omit<TransferOptions, "inspect">) {
    const { profile = PROFILES.resilient, segments, maxBytes = Infinity, checkAddress } = request;
    const { signal, space, onEvent = () => {} } = options;
    this.request = request;
    this.line = line;
    this.name = basename(request.path);
    this.profile = profile;
    this.send = checkAddress === undefined ? line.transport : followRedirects(line.transport, { check: checkAddress });
    this.segments = segments ?? (() => profile.segments);
    this.maxBytes = maxBytes;
    this.signal = signal;
    this.space = space;
    this.onEvent = onEvent;
    this.lastBytesAt = line.clock.monotonic();
  }

  /**
   * Whether several connections may fetch ranges. There must be a validator or a published hash, either of which
   * detects ranges of different objects. In addition, the host must not have refused ranges or additional connections.
   */
  get canBeShared(): boolean {
    return this.#canBeShared && ((this.journal?.etag ?? null) !== null || (this.request.sha256 ?? null) !== null);
  }

  /** Use one connection from now on; called when the host refuses ranges or additional connections. */
  disableSegments(): void {
    this.#canBeShared = false;
  }

  /** Resolve the source; requests a fresh URL only if the last one has expired. */
  async locate(signal: AbortSignal): Promise<Location> {
    const fresh = this.#needsFresh;
    this.#needsFresh = false;
    if (fresh) this.#generation++;
    const generation = this.#generation;
    try {
      const source = await this.request.resolve({ fresh, signal });
      this.#host = URL.parse(source.url)?.host ?? null;
      return { source, generation };
    } catch (error) {
      if (fresh) this.#needsFresh = true;
      this.#locateError = error;
      throw error;
    }
  }

  /** Whether the host has served any transfer in the last few seconds. If so, it is up, even if it often fails. */
  get isHostServing(): boolean {
    return this.#host !== null && (this.line.permits.isServing?.(this.#host) ?? false);
  }

  /** Aborts when the host of this transfer serves something again after a silence; `undefined` if nobody notices. */
  get revival(): AbortSignal | undefined {
    return this.#host === null ? undefined : this.line.permits.revivalOf?.(this.#host);
  }

  /**
   * Whether an error comes from `locate()`. Such errors are not retried here, because the resolver makes its own
   * retries.
   */
  isLocateError(error: unknown): boolean {
    return error !== undefined && error === this.#locateError;
  }

  /** Mark a location as refused by the storage; only the first of several reports of the same generation counts. */
  expire(generation: number): void {
    if (generation === this.#generation) this.#needsFresh = true;
  }

  /** Report the start of an attempt. The result contains the `resumedBytes` of the first attempt. */
  onStarted(totalBytes: number, resumedBytes: number): void {
    if (!this.#isStarted) this.resumedBytes = resumedBytes;
    this.#isStarted = true;
    this.onEvent({ type: "started", totalBytes, resumedBytes });
  }

  /** Create the error for a file that is larger than `maxBytes`. */
  createTooLargeError(): FailureError {
    const limit = formatSize(this.maxBytes);
    return new FailureError(
      "too-large",
      `Cannot fetch "${this.name}": larger than the limit of ${limit}`,
    );
  }

  /** Account for bytes that arrived, after a wait in milliseconds. */
  onBytes(count: number, waitedMs: number): void {
    this.fetchedBytes += count;
    this.#bytesSince += count;
    if (this.#bytesSince > 0 && this.#bytesSince >= this.profile.stallBytes) {
      this.#bytesSince = 0;
      this.lastBytesAt = this.line.clock.monotonic();
    }
    this.onEvent({ type: "bytes", count, waitedMs });
  }

  /** Drop the extents from the journal; called when the part has no gaps, so that its length suffices. */
  forgetExtents(): void {
    if (this.journal?.extents === undefined) return;
    const { extents: _extents, ...journal } = this.journal;
    this.journal = journal;
    this.saveJournal();
  }

  /**
   * Save the journal in the background; calls made during a write are merged into the next write.
   *
   * @param onSaved Called when the current content of the journal has been written; replaces an earlier callback
   */
  saveJournal(onSaved?: () => void): void {
    if (this.journal === null) return;
    this.#isStale = true;
    if (onSaved !== undefined) this.#onSaved = onSaved;
    this.#saving ??= this.#save();
    // Callers of journalSaved() receive a failure. While there are no callers, the failure must not count as unhandled.
    this.#saving.catch(() => {});
  }

  /** Wait for the running save, if any. */
  async journalSaved(): Promise<void> {
    await this.#saving;
  }

  async #save(): Promise<void> {
    try {
      while (this.#isStale && this.journal !== null) {
        const onSaved = this.#onSaved;
        this.#isStale = false;
        await writeJournal(this.request.path, this.journal);
        onSaved?.();
      }
    } finally {
      this.#saving = undefined;
    }
  }
}
