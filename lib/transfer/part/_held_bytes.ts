import { addExtent, type Extent, frontierOf, hasGaps, sizeOfExtents } from "./extents.ts";
import { SIZE_THRESHOLDS } from "../size_thresholds.ts";
import type { TransferState } from "../_transfer_state.ts";

/** How often the journal is saved, unless enough bytes have been written before. */
const SAVE_EVERY_MS = 50;
/** How far the journal of a large file may lag, as a share of the file. */
const MAX_LAG_SHARE = 1 / 200;

/**
 * Tracks which bytes a part holds. While the part has gaps, its journal records them. Otherwise the length of the part
 * implies them, because it survives a kill.
 */
export class HeldBytes {
  readonly #state: TransferState;
  readonly #maxLagBytes: number;
  #extents: readonly Extent[];
  #isScattered: boolean;
  #savedExtents: readonly Extent[];
  #unsavedBytes = 0;
  #savedMs = 0;

  constructor(state: TransferState, extents: readonly Extent[], totalBytes: number | null) {
    this.#state = state;
    this.#extents = extents;
    this.#savedExtents = extents;
    this.#isScattered = hasGaps(extents);
    this.#maxLagBytes = Math.max(SIZE_THRESHOLDS.journalLag, (totalBytes ?? 0) * MAX_LAG_SHARE);
  }

  get extents(): readonly Extent[] {
    return this.#extents;
  }

  /** Position of the first gap: number of bytes held from the start without a gap. */
  get frontier(): number {
    return frontierOf(this.#extents);
  }

  /** Whether some bytes are behind a gap, or may be at any moment. */
  get isScattered(): boolean {
    return this.#isScattered;
  }

  /** Record the extents in the journal from now on; resolves when they are written. */
  async scatter(): Promise<void> {
    this.#isScattered = true;
    await this.save();
  }

  /**
   * Rely on the length of the part again, if no gap is left. Call only while no connection is active.
   *
   * @param partBytes Length of the part; if it exceeds the bytes held, a write behind a gap was interrupted
   */
  join(partBytes: number): void {
    if (!this.#isScattered || hasGaps(this.#extents) || partBytes !== this.frontier) return;
    this.#isScattered = false;
    this.#state.forgetExtents();
  }

  /** Add bytes that have been written. */
  add(extent: Extent): void {
    this.#extents = addExtent(this.#extents, extent);
    if (!this.#isScattered) return;
    this.#unsavedBytes += extent[1] - extent[0];
    const nowMs = this.#state.line.clock.monotonic();
    if (this.#unsavedBytes < SIZE_THRESHOLDS.saveJournalEvery && nowMs - this.#savedMs < SAVE_EVERY_MS) return;
    this.#unsavedBytes = 0;
    this.#savedMs = nowMs;
    this.#updateJournal();
  }

  /**
   * Return a promise to await before reading more, if the journal lags too far behind. A disk that is busy with
   * gigabytes takes seconds to write a journal, and a kill would lose everything that arrives in the meantime.
   */
  caughtUp(): Promise<void> | undefined {
    if (!this.#isScattered) return undefined;
    const lag = sizeOfExtents(this.#extents) - sizeOfExtents(this.#savedExtents);
    return lag > this.#maxLagBytes ? this.save() : undefined;
  }

  /** Update the journal and wait until it is written. */
  async save(): Promise<void> {
    this.#updateJournal();
    await this.#state.journalSaved();
  }

  #updateJournal(): void {
    const { journal } = this.#state;
    if (journal === null) return;
    const extents = this.#extents;
    if (this.#isScattered) this.#state.journal = { ...journal, extents };
    this.#state.saveJournal(() => this.#savedExtents = extents);
  }
}
