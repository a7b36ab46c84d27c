import type { DayLimits } from "../../base/mod.ts";

/** Links and bytes. */
export interface Amount {
  /** Questions to the download route. */
  readonly links: number;
  /** Bytes of files and images. */
  readonly bytes: number;
}

/** So long that a day has few of them, so short that waiting for the end of one does not hurt. */
const BUCKET_MS = 300_000;
const DAY_MS = 86_400_000;

/**
 * What was used in the last 24 hours, in buckets of five minutes: at most 290, however much is counted. A bucket counts
 * until its last moment is a day old, so a limit holds for every 24 hours.
 */
export class QuotaWindow {
  readonly #buckets = new Map<number, Amount>();

  /**
   * Count something that happens now.
   *
   * @param nowMs Milliseconds since the epoch
   * @param amount How much
   */
  add(nowMs: number, { links, bytes }: Amount): void {
    const start = Math.floor(nowMs / BUCKET_MS) * BUCKET_MS;
    const known = this.#buckets.get(start) ?? { links: 0, bytes: 0 };
    this.#buckets.set(start, { links: known.links + links, bytes: known.bytes + bytes });
  }

  /**
   * What still counts.
   *
   * @param nowMs Milliseconds since the epoch
   * @returns The sums
   */
  used(nowMs: number): Amount {
    this.#prune(nowMs);
    let links = 0;
    let bytes = 0;
    for (const bucket of this.#buckets.values()) {
      links += bucket.links;
      bytes += bucket.bytes;
    }
    return { links, bytes };
  }

  /**
   * When so much more fits into the limits.
   *
   * @param nowMs Milliseconds since the epoch
   * @param need How much more
   * @param limits Of 24 hours
   * @returns `nowMs`, or the end of a bucket's day
   */
  roomAt(nowMs: number, need: Amount, limits: DayLimits): number {
    let { links, bytes } = this.used(nowMs);
    const fits = (): boolean =>
      links + need.links <= (limits.links ?? Infinity) && bytes + need.bytes <= (limits.bytes ?? Infinity);
    if (fits()) return nowMs;
    const starts = [...this.#buckets.keys()].sort((a, b) => a - b);
    for (const start of starts) {
      const bucket = this.#buckets.get(start)!;
      links -= bucket.links;
      bytes -= bucket.bytes;
      if (fits()) return endOf(start);
    }
    // What is needed is more than a whole day's: as good a moment as any.
    return endOf(starts.at(-1) ?? nowMs);
  }

  /** For a file. */
  toJSON(): unknown {
    const buckets = [...this.#buckets].map(([start, amount]) => ({ at: new Date(start).toISOString(), ...amount }));
    return { version: 1, buckets };
  }

  /**
   * Read what `toJSON` made.
   *
   * @param text JSON
   * @param nowMs Milliseconds since the epoch; what is said to be later counts as now
   * @returns The window
   * @throws {SyntaxError} That names what is wrong
   */
  static parse(text: string, nowMs: number): QuotaWindow {
    const { version, buckets } = asFields(JSON.parse(text), "the whole");
    if (version !== 1) throw new SyntaxError(`"version" is ${JSON.stringify(version)}, this program knows 1`);
    if (!Array.isArray(buckets)) throw new SyntaxError('"buckets" is no list');
    const window = new QuotaWindow();
    for (const [index, entry] of buckets.entries()) {
      const { at, links, bytes } = asFields(entry, `"buckets.${index}"`);
      const start = typeof at === "string" ? Date.parse(at) : NaN;
      if (!(Number.isFinite(start) && isCount(links) && isCount(bytes))) {
        throw new SyntaxError(`"buckets.${index}" is no time with two counts`);
      }
      // A clock that was ahead for a while must not make a day last a year.
      window.add(Math.min(start, nowMs), { links, bytes });
    }
    window.#prune(nowMs);
    return window;
  }

  #prune(nowMs: number): void {
    for (const start of this.#buckets.keys()) if (endOf(start) <= nowMs) this.#buckets.delete(start);
  }
}

function endOf(start: number): number {
  return start + BUCKET_MS + DAY_MS;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function asFields(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new SyntaxError(`${what} is no object`);
}
