import type { Extent } from "../part/extents.ts";

/** Window over which the rate of a segment is measured. */
const WINDOW_MS = 3000;

/** Options of {@linkcode Segment}. */
export interface SegmentOptions {
  readonly bufferBytes: number;
  readonly stop: AbortController;
  /** Current time on the monotonic clock. */
  readonly nowMs: number;
}

/** The range of one connection: from `position` to `end`, which moves closer when helpers take over the tail. */
export class Segment {
  position: number;
  end: number;
  /** The initial `end`, where the body of the connection ends. */
  readonly reach: number;
  /** Size of the write buffer. No other segment begins within the bytes that a buffer may already be collecting. */
  readonly bufferBytes: number;
  /** Aborts this segment only. */
  readonly stop: AbortController;
  #windowStart: number;
  #windowBytes = 0;
  #rate: number | null = null;

  constructor(range: Extent, options: SegmentOptions) {
    [this.position, this.end] = range;
    this.reach = this.end;
    this.stop = options.stop;
    this.bufferBytes = options.bufferBytes;
    this.#windowStart = options.nowMs;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  /** Advance by bytes that arrived. */
  recordBytes(bytes: number, nowMs: number): void {
    this.position += bytes;
    this.#windowBytes += bytes;
    this.#roll(nowMs);
  }

  /** Bytes per second over the last complete window; `null` during the first. */
  rate(nowMs: number): number | null {
    this.#roll(nowMs);
    return this.#rate;
  }

  /** Give away the second half of the remaining range; `null` if it is too small for another connection. */
  split(): Extent | null {
    if (this.remaining < 4 * this.bufferBytes) return null;
    const middle = this.position + Math.ceil(this.remaining / 2);
    const given: Extent = [middle, this.end];
    this.end = middle;
    return given;
  }

  /**
   * Keep the next `bytes` and give away the rest; `null` if there is no rest, or if the rest may begin within a buffer.
   */
  keep(bytes: number): Extent | null {
    if (this.remaining <= bytes || bytes < 2 * this.bufferBytes) return null;
    const given: Extent = [this.position + bytes, this.end];
    this.end = given[0];
    return given;
  }

  /** Take back a range that was given away, if it follows directly and the body of this connection includes it. */
  takeBack([start, end]: Extent): boolean {
    if (start !== this.end || end > this.reach || this.remaining <= 0) return false;
    this.end = end;
    return true;
  }

  #roll(nowMs: number): void {
    const elapsed = nowMs - this.#windowStart;
    if (elapsed < WINDOW_MS) return;
    this.#rate = this.#windowBytes / elapsed * 1000;
    this.#windowStart = nowMs;
    this.#windowBytes = 0;
  }
}

/**
 * Find a segment that is far slower than its siblings. Its connection probably has a bad network path, and a new
 * connection may get a better one.
 *
 * @param segments The active segments
 * @param nowMs Current time on the monotonic clock
 * @returns A segment below a quarter of the median rate with more than two seconds of work left at that median; `null`
 * if there is none, or if fewer than three segments have a rate
 */
export function findSlowSegment(segments: readonly Segment[], nowMs: number): Segment | null {
  const rated = segments.map((segment) => ({ segment, rate: segment.rate(nowMs) }));
  const rates = rated.map(({ rate }) => rate).filter((rate) => rate !== null).sort((a, b) => a - b);
  if (rates.length < 3) return null;
  const usual = rates[Math.floor(rates.length / 2)]!;
  const slow = rated.find(({ segment, rate }) => rate !== null && rate < usual / 4 && segment.remaining > usual * 2);
  return slow?.segment ?? null;
}
