import { basename } from "node:path";
import { type Clock, formatSize } from "../base/mod.ts";
import { type AdaptiveTimeout, FailureError } from "../failsafe/mod.ts";
import type { ConnectionGate } from "./segments/connection_gate.ts";
import type { FileDigests } from "./part/hash_follower.ts";
import type { HashPool } from "./part/hash_pool.ts";
import type { LineMemory } from "./segments/line_memory.ts";
import { type PartJournal, writeJournal } from "./part/part_journal.ts";
import type { Profile } from "./profile.ts";
import type { RateLimiter } from "./rate/rate_limiter.ts";
import type { ResolvedSource, TransferEvent, TransferRequest, TransferRoom } from "./transfer_request.ts";
import type { Transport } from "./http/transport.ts";

/** The options of a transfer with their defaults filled in. */
export interface SettledOptions {
  readonly transport: Transport;
  readonly profile: Profile;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly limiter: RateLimiter | undefined;
  readonly timeouts: AdaptiveTimeout | undefined;
  readonly gate: ConnectionGate;
  readonly lines: LineMemory;
  readonly hashers: HashPool;
  readonly durable: boolean;
  readonly maxBytes: number;
  readonly room: TransferRoom | undefined;
  readonly onEvent: (event: TransferEvent) => void;
}

/** A part that has all its bytes. */
export interface FinishedPart extends FileDigests {
  readonly sizeBytes: number;
  readonly etag: string | null;
}

/** Where the bytes are, and which answer to that question it was. */
export interface Location {
  readonly source: ResolvedSource;
  readonly generation: number;
}

/** What the tries and the connections of one transfer share. */
export class TransferState {
  readonly request: TransferRequest;
  readonly options: SettledOptions;
  readonly name: string;
  journal: PartJournal | null = null;
  /** Whether there was a part before some try, and with it perhaps a journal. */
  metPart = false;
  fetchedBytes = 0;
  resumedBytes = 0;
  /** When bytes worth waiting for came last, or the transfer began; by the clock's monotonic time. */
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

  constructor(request: TransferRequest, options: SettledOptions) {
    this.request = request;
    this.options = options;
    this.name = basename(request.path);
    this.lastBytesAt = options.clock.monotonic();
  }

  /**
   * Whether several connections may fetch ranges: only where something will notice that they are of one object, and until
   * the host has shown that it does not want it.
   */
  get canBeShared(): boolean {
    return this.#canBeShared && ((this.journal?.etag ?? null) !== null || (this.request.sha256 ?? null) !== null);
  }

  /** The host refuses ranges, or more connections. */
  keepToOne(): void {
    this.#canBeShared = false;
  }

  /** Ask where the bytes are; anew only if the last answer has expired. */
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

  /** Whether the host has served anybody a moment ago: then it is up, however often it fails. */
  get isHostServing(): boolean {
    return this.#host !== null && (this.options.gate.isServing?.(this.#host) ?? false);
  }

  /** Whether an error says that the bytes cannot be located: who was asked has tried again already. */
  isLocateError(error: unknown): boolean {
    return error !== undefined && error === this.#locateError;
  }

  /** The storage refused a location; of several connections that used the same one, the first to say so counts. */
  expire(generation: number): void {
    if (generation === this.#generation) this.#needsFresh = true;
  }

  /** The first start of a transfer says what was there before it. */
  onStarted(totalBytes: number, resumedBytes: number): void {
    if (!this.#isStarted) this.resumedBytes = resumedBytes;
    this.#isStarted = true;
    this.options.onEvent({ type: "started", totalBytes, resumedBytes });
  }

  /** What a file is refused with that has more bytes than it may. */
  tooLarge(): FailureError {
    const most = formatSize(this.options.maxBytes);
    return new FailureError(
      "too-large",
      `Cannot fetch "${this.name}": too large, more than the ${most} that it may have`,
    );
  }

  /** Bytes have come. */
  onBytes(count: number): void {
    this.fetchedBytes += count;
    this.#bytesSince += count;
    if (this.#bytesSince > 0 && this.#bytesSince >= this.options.profile.stallBytes) {
      this.#bytesSince = 0;
      this.lastBytesAt = this.options.clock.monotonic();
    }
    this.options.onEvent({ type: "bytes", count });
  }

  /** The part has no gaps any more: its length tells what it holds. */
  forgetExtents(): void {
    if (this.journal?.extents === undefined) return;
    const { extents: _extents, ...journal } = this.journal;
    this.journal = journal;
    this.saveJournal();
  }

  /**
   * Save the journal behind the transfer's back; many calls become few writes.
   *
   * @param onSaved Told when what the journal says now is on the disk
   */
  saveJournal(onSaved?: () => void): void {
    if (this.journal === null) return;
    this.#isStale = true;
    if (onSaved !== undefined) this.#onSaved = onSaved;
    this.#saving ??= this.#save();
    // Whoever waits is told of a failure; nobody may be waiting yet.
    this.#saving.catch(() => {});
  }

  /** Wait for a save that is under way. */
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
