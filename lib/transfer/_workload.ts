import type { Extent } from "./extents.ts";
import type { Segment } from "./_segment.ts";

/** What of a file is to be fetched, and by whom. */
export class Workload {
  readonly #working = new Set<Segment>();
  #waiting: Extent[];

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

  /** Bytes that connections are at work on. */
  get remainingBytes(): number {
    return this.working.reduce((total, { remaining }) => total + remaining, 0);
  }

  begin(segment: Segment): void {
    this.#working.add(segment);
  }

  /** A connection ended; what it left is best fetched by the one that would have come to it anyway. */
  end(segment: Segment): void {
    if (!this.#working.delete(segment)) return;
    const left = [...this.#waiting, [segment.position, segment.end] as const].filter(([start, end]) => end > start);
    this.#waiting = left.sort(([a], [b]) => a - b).filter((range) => !this.working.some((one) => one.takeBack(range)));
  }

  /** What nobody fetches yet. */
  next(): Extent | null {
    return this.#waiting.shift() ?? null;
  }

  /** Half of what somebody has the most of; `null` if nothing is worth another connection. */
  steal(): Extent | null {
    const [largest] = this.working.toSorted((a, b) => b.remaining - a.remaining);
    return largest?.split() ?? null;
  }
}
