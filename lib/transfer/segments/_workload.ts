import type { Extent } from "../part/extents.ts";
import { SIZE_THRESHOLDS } from "../size_thresholds.ts";
import type { Segment } from "./_segment.ts";

/** A file is divided into about this many stripes. */
const STRIPES = 16;

/** Distributes the missing ranges of a file over its connections. */
export class Workload {
  readonly #active = new Set<Segment>();
  #waiting: Extent[];
  #stripeBytes = Infinity;

  constructor(missing: readonly Extent[]) {
    this.#waiting = [...missing];
  }

  /** The active segments, in the order in which they began. */
  get active(): readonly Segment[] {
    return [...this.#active];
  }

  /** Number of active connections. */
  get activeCount(): number {
    return this.#active.size;
  }

  /** Bytes still to fetch, assigned or not. */
  get remainingBytes(): number {
    const waiting = this.#waiting.reduce((total, [start, end]) => total + end - start, 0);
    return this.active.reduce((total, { remaining }) => total + remaining, waiting);
  }

  begin(segment: Segment): void {
    this.#active.add(segment);
  }

  /**
   * Remove a segment after its connection ended. The rest of its range goes back to the preceding segment if that
   * segment's response covers it; otherwise it becomes unassigned.
   */
  end(segment: Segment): void {
    if (!this.#active.delete(segment)) return;
    this.#returnRanges([...this.#waiting, [segment.position, segment.end]]);
  }

  /**
   * Limit each segment to one stripe at a time from now on, so that all connections work near the front. The hash can
   * only advance over contiguous bytes. Without stripes, most of the file would still have to be hashed at the end.
   */
  beginStripes(): void {
    if (this.#stripeBytes < Infinity) return;
    this.#stripeBytes = Math.max(SIZE_THRESHOLDS.stripe, Math.ceil(this.remainingBytes / STRIPES));
    const released = this.active.map((segment) => segment.keep(this.#stripeBytes)).filter((range) => range !== null);
    this.#waiting = [...this.#waiting, ...released].sort(([a], [b]) => a - b);
  }

  /**
   * Stop dividing ranges into stripes, and give unassigned ranges back to the segments that precede them, if the
   * responses of those segments cover them.
   */
  endStripes(): void {
    this.#stripeBytes = Infinity;
    this.#returnRanges(this.#waiting);
  }

  /** Take the first unassigned range, or a stripe of it; `null` if everything is assigned. */
  next(): Extent | null {
    const range = this.#waiting.shift();
    if (range === undefined) return null;
    const [start, end] = range;
    // A remainder of up to half a stripe is not worth a separate request.
    if (end - start <= this.#stripeBytes * 1.5) return range;
    this.#waiting.unshift([start + this.#stripeBytes, end]);
    return [start, start + this.#stripeBytes];
  }

  /** Take half of the largest active segment; `null` if it is not worth another connection. */
  steal(): Extent | null {
    const [largest] = this.active.toSorted((a, b) => b.remaining - a.remaining);
    return largest?.split() ?? null;
  }

  #returnRanges(ranges: readonly Extent[]): void {
    this.#waiting = ranges.filter(([start, end]) => end > start).sort(([a], [b]) => a - b)
      .filter((range) => !this.active.some((one) => one.takeBack(range)));
  }
}
