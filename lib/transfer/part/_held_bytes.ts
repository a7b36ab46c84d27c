import { addExtent, type Extent, frontierOf, hasGaps, sizeOfExtents } from "./extents.ts";
import type { TransferState } from "../_transfer_state.ts";

/** A kill loses at most this much of what was written behind a gap, by bytes or by time, while the disk keeps up. */
const SAVE_EVERY_BYTES = 2 << 20;
const SAVE_EVERY_MS = 50;
/** The journal may lag behind so far, as a part of the file or as bytes, whichever is more; then connections wait for it. */
const MAX_LAG_SHARE = 1 / 200;
const MAX_LAG_BYTES = 4 << 20;

/** Which bytes a part holds. While it has gaps its journal tells, else its length alone, which no kill can lose. */
export class HeldBytes {
  readonly #state: TransferState;
  readonly #maxLagBytes: number;
  #extents: readonly Extent[];
  #isScattered: boolean;
  #savedExtents: readonly Extent[];
  #unnotedBytes = 0;
  #notedMs = 0;

  constructor(state: TransferState, extents: readonly Extent[], totalBytes: number | null) {
    this.#state = state;
    this.#extents = extents;
    this.#savedExtents = extents;
    this.#isScattered = hasGaps(extents);
    this.#maxLagBytes = Math.max(MAX_LAG_BYTES, (totalBytes ?? 0) * MAX_LAG_SHARE);
  }

  get extents(): readonly Extent[] {
    return this.#extents;
  }

  /** Behind the last byte before the first gap. */
  get frontier(): number {
    return frontierOf(this.#extents);
  }

  /** Whether some bytes stand behind a gap, or may do so at any moment. */
  get isScattered(): boolean {
    return this.#isScattered;
  }

  /** From now on the journal tells; resolves when it does. */
  async scatter(): Promise<void> {
    this.#isScattered = true;
    await this.save();
  }

  /**
   * From now on the length tells again, if there is no gap left. Only while no connection is at work.
   *
   * @param partBytes Length of the part; more than is held means that a write broke off behind a gap
   */
  join(partBytes: number): void {
    if (!this.#isScattered || hasGaps(this.#extents) || partBytes !== this.frontier) return;
    this.#isScattered = false;
    this.#state.forgetExtents();
  }

  /** These bytes have been written. */
  add(extent: Extent): void {
    this.#extents = addExtent(this.#extents, extent);
    if (!this.#isScattered) return;
    this.#unnotedBytes += extent[1] - extent[0];
    const nowMs = performance.now();
    if (this.#unnotedBytes < SAVE_EVERY_BYTES && nowMs - this.#notedMs < SAVE_EVERY_MS) return;
    this.#unnotedBytes = 0;
    this.#notedMs = nowMs;
    this.#note();
  }

  /**
   * Something to wait for before more is read: a disk that is busy with gigabytes takes seconds for a journal, and all
   * that comes meanwhile would be lost with a kill.
   */
  caughtUp(): Promise<void> | undefined {
    if (!this.#isScattered) return undefined;
    const lag = sizeOfExtents(this.#extents) - sizeOfExtents(this.#savedExtents);
    return lag > this.#maxLagBytes ? this.save() : undefined;
  }

  /** Bring the journal up to date and wait until it is written. */
  async save(): Promise<void> {
    this.#note();
    await this.#state.journalSaved();
  }

  #note(): void {
    const { journal } = this.#state;
    if (journal === null) return;
    const extents = this.#extents;
    if (this.#isScattered) this.#state.journal = { ...journal, extents };
    this.#state.saveJournal(() => this.#savedExtents = extents);
  }
}
