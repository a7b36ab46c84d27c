import type { Extent } from "../part/extents.ts";

/** A window over which the speed of a segment is told. */
const WINDOW_MS = 3000;

/** Options of {@linkcode Segment}. */
export interface SegmentOptions {
  readonly bufferBytes: number;
  readonly stop: AbortController;
  /** By the monotonic clock. */
  readonly nowMs: number;
}

/** What one connection has to bring: from `position` on, up to `end`, which may come nearer when others help. */
export class Segment {
  position: number;
  end: number;
  /** Where its connection would end, if nobody helped. */
  readonly reach: number;
  /** Bytes that are gathered before they are written; where a buffer may be filled, no other segment begins. */
  readonly bufferBytes: number;
  /** Ends this segment alone. */
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

  /** Bytes have come. */
  moved(bytes: number, nowMs: number): void {
    this.position += bytes;
    this.#windowBytes += bytes;
    this.#roll(nowMs);
  }

  /** Bytes a second over the last whole window; `null` in the first. */
  rate(nowMs: number): number | null {
    this.#roll(nowMs);
    return this.#rate;
  }

  /** Give the second half of what is left away; `null` if that is not worth a connection. */
  split(): Extent | null {
    if (this.remaining < 4 * this.bufferBytes) return null;
    const middle = this.position + Math.ceil(this.remaining / 2);
    const given: Extent = [middle, this.end];
    this.end = middle;
    return given;
  }

  /** Give away all behind the next `bytes`; `null` if that is nothing, or they are not more than is gathered at once. */
  keep(bytes: number): Extent | null {
    if (this.remaining <= bytes || bytes < 2 * this.bufferBytes) return null;
    const given: Extent = [this.position + bytes, this.end];
    this.end = given[0];
    return given;
  }

  /** Take back what was given away, if it comes next and this connection still brings it. */
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
 * Find a segment that its siblings have left far behind: its connection got a bad path, and a new one will get another.
 *
 * @param segments Those that run now
 * @param nowMs By the monotonic clock
 * @returns The slow one, if there is one that is worth it
 */
export function findSlowSegment(segments: readonly Segment[], nowMs: number): Segment | null {
  const rated = segments.map((segment) => ({ segment, rate: segment.rate(nowMs) }));
  const rates = rated.map(({ rate }) => rate).filter((rate) => rate !== null).sort((a, b) => a - b);
  if (rates.length < 3) return null;
  const usual = rates[Math.floor(rates.length / 2)]!;
  const slow = rated.find(({ segment, rate }) => rate !== null && rate < usual / 4 && segment.remaining > usual * 2);
  return slow?.segment ?? null;
}
