/** Counts per time bin. */
export interface BinnedCounts {
  /** Start of the first bin, in milliseconds since the epoch. */
  readonly startMs: number;
  /** Length of each bin in milliseconds. */
  readonly widthMs: number;
  /** Count of each bin. */
  readonly counts: readonly number[];
}

/** Counts events over a time that is not known in advance: when the bins do not suffice, they become twice as long. */
export class TimeBins {
  readonly #maxBins: number;
  #widthMs: number;
  /** Counts by the number of the bin since the epoch. */
  #counts = new Map<number, number>();
  #first = Infinity;
  #last = -Infinity;

  /**
   * Start without events.
   *
   * @param options Length of the shortest bins, and how many bins there may be
   */
  constructor(options: { readonly widthMs?: number; readonly maxBins?: number } = {}) {
    const { widthMs = 1000, maxBins = 120 } = options;
    this.#widthMs = widthMs;
    this.#maxBins = maxBins;
  }

  /** Count events at a time in milliseconds since the epoch. */
  add(timeMs: number, count = 1): void {
    const bin = Math.floor(timeMs / this.#widthMs);
    this.#counts.set(bin, (this.#counts.get(bin) ?? 0) + count);
    this.#first = Math.min(this.#first, bin);
    this.#last = Math.max(this.#last, bin);
    while (this.#last - this.#first >= this.#maxBins) this.#double();
  }

  /** The counts, with empty bins in between; `null` without events. */
  read(): BinnedCounts | null {
    if (this.#counts.size === 0) return null;
    const counts = Array.from(
      { length: this.#last - this.#first + 1 },
      (_, index) => this.#counts.get(this.#first + index) ?? 0,
    );
    return { startMs: this.#first * this.#widthMs, widthMs: this.#widthMs, counts };
  }

  #double(): void {
    const wide = new Map<number, number>();
    for (const [bin, count] of this.#counts) {
      const half = Math.floor(bin / 2);
      wide.set(half, (wide.get(half) ?? 0) + count);
    }
    this.#counts = wide;
    this.#widthMs *= 2;
    this.#first = Math.floor(this.#first / 2);
    this.#last = Math.floor(this.#last / 2);
  }
}
