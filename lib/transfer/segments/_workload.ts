import type { Extent } from "../part/extents.ts";
import type { Segment } from "./_segment.ts";

/** Smaller stripes cost more in requests than they bring. */
const MIN_STRIPE_BYTES = 16 << 20;
/** A file is fetched in about so many stripes. */
const STRIPES = 16;

/** What of a file is to be fetched, and by whom. */
export class Workload {
  readonly #working = new Set<Segment>();
  #waiting: Extent[];
  #stripeBytes = Infinity;

  constructor(missing: readonly Extent[]) {
    this.#waiting = [...missing];
  }

  /** The segments that connections fetch now, the longest at work first. */
  get working(): readonly Segment[] {
    return [...this.#working];
  }

  /** How many connections are at work. */
  get size(): number {
    return this.#working.size;
  }

  /** Bytes to come. */
  get remainingBytes(): number {
    const waiting = this.#waiting.reduce((total, [start, end]) => total + end - start, 0);
    return this.working.reduce((total, { remaining }) => total + remaining, waiting);
  }

  begin(segment: Segment): void {
    this.#working.add(segment);
  }

  /** A connection ended; what it left is best fetched by the one that would have come to it anyway. */
  end(segment: Segment): void {
    if (!this.#working.delete(segment)) return;
    this.#takeBack([...this.#waiting, [segment.position, segment.end]]);
  }

  /**
   * From now on nobody fetches more than a stripe at once, so that all work near the front: the hash can only follow
   * there, and would have most of the file before it at the end.
   */
  beginStripes(): void {
    if (this.#stripeBytes < Infinity) return;
    this.#stripeBytes = Math.max(MIN_STRIPE_BYTES, Math.ceil(this.remainingBytes / STRIPES));
    const given = this.working.map((segment) => segment.keep(this.#stripeBytes)).filter((range) => range !== null);
    this.#waiting = [...this.#waiting, ...given].sort(([a], [b]) => a - b);
  }

  /** From now on one connection fetches all, at one go. */
  endStripes(): void {
    this.#stripeBytes = Infinity;
    this.#takeBack(this.#waiting);
  }

  /** What nobody fetches yet, or a stripe of it. */
  next(): Extent | null {
    const range = this.#waiting.shift();
    if (range === undefined) return null;
    const [start, end] = range;
    // What would be left of less than half a stripe is not worth a request of its own.
    if (end - start <= this.#stripeBytes * 1.5) return range;
    this.#waiting.unshift([start + this.#stripeBytes, end]);
    return [start, start + this.#stripeBytes];
  }

  /** Half of what somebody has the most of; `null` if nothing is worth another connection. */
  steal(): Extent | null {
    const [largest] = this.working.toSorted((a, b) => b.remaining - a.remaining);
    return largest?.split() ?? null;
  }

  #takeBack(left: readonly Extent[]): void {
    this.#waiting = left.filter(([start, end]) => end > start).sort(([a], [b]) => a - b)
      .filter((range) => !this.working.some((one) => one.takeBack(range)));
  }
}
