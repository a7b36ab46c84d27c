import { asFields, type DayLimits, isCount, type StateFields, type StateFormat } from "../../base/mod.ts";

/** An amount of links and bytes. */
export interface Amount {
  /** Requests to the download route. */
  readonly links: number;
  /** Bytes of files and images. */
  readonly bytes: number;
}

/** What was used within five minutes. */
export interface QuotaBucket extends Amount {
  /** When the five minutes began, in milliseconds since the epoch. */
  readonly at: number;
}

/** What a {@linkcode QuotaWindow} knows. */
export interface QuotaState {
  /** The limits of the last run. */
  readonly limits: DayLimits;
  /** What was used, oldest first. */
  readonly buckets: readonly QuotaBucket[];
}

/** Long enough that a day has few buckets, short enough that waiting for the end of one does not hurt. */
const BUCKET_MS = 300_000;
const DAY_MS = 86_400_000;

/**
 * Counts what was used in the last 24 hours, in buckets of five minutes. There are at most 290 buckets, however much is
 * counted. A bucket counts until its end is a day old, so a limit holds for every span of 24 hours.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { QuotaWindow } from "@civitai-dl/civitai-dl/downloader";
 *
 * const window = new QuotaWindow();
 * const noon = Date.UTC(2026, 0, 1, 12);
 * window.add(noon, { links: 2, bytes: 1000 });
 * assertEquals(window.sumUsed(noon), { links: 2, bytes: 1000 });
 * // A bucket of five minutes counts until its end is a day old.
 * const next = window.findFittingTime(noon, { links: 1, bytes: 0 }, { links: 2, bytes: null });
 * assertEquals(new Date(next).toISOString(), "2026-01-02T12:05:00.000Z");
 * ```
 */
export class QuotaWindow {
  readonly #buckets = new Map<number, Amount>();
  /** Limits of the last run that counted, for those who judge the counts later. */
  limits: DayLimits = { links: null, bytes: null };

  /**
   * Count an amount that is used now.
   *
   * @param nowMs Milliseconds since the epoch
   * @param amount Links and bytes to add
   */
  add(nowMs: number, { links, bytes }: Amount): void {
    const start = Math.floor(nowMs / BUCKET_MS) * BUCKET_MS;
    const known = this.#buckets.get(start) ?? { links: 0, bytes: 0 };
    this.#buckets.set(start, { links: known.links + links, bytes: known.bytes + bytes });
  }

  /**
   * Sum up the last 24 hours; older buckets are dropped.
   *
   * @param nowMs Milliseconds since the epoch
   * @returns Links and bytes
   */
  sumUsed(nowMs: number): Amount {
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
   * Find the earliest time at which an amount fits into the limits.
   *
   * @param nowMs Milliseconds since the epoch
   * @param need Links and bytes to fit in
   * @param limits Limits per 24 hours
   * @returns `nowMs`, or the time at which a bucket stops counting, in milliseconds since the epoch
   */
  findFittingTime(nowMs: number, need: Amount, limits: DayLimits): number {
    let { links, bytes } = this.sumUsed(nowMs);
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
    // The amount exceeds the limits of a whole day: return the time at which the last bucket stops counting.
    return endOf(starts.at(-1) ?? nowMs);
  }

  /** Return what {@linkcode QuotaWindow.from} restores. */
  state(): QuotaState {
    return { limits: this.limits, buckets: [...this.#buckets].map(([at, amount]) => ({ at, ...amount })) };
  }

  /**
   * Restore a window.
   *
   * @param state What {@linkcode QuotaWindow.state} returned
   * @param nowMs Milliseconds since the epoch; buckets with a later time count as now
   * @returns The window, without buckets that no longer count
   */
  static from({ limits, buckets }: QuotaState, nowMs: number): QuotaWindow {
    const window = new QuotaWindow();
    window.limits = limits;
    // A clock that was ahead for a while must not make buckets count for a year.
    for (const { at, ...amount } of buckets) window.add(Math.min(at, nowMs), amount);
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

/** The form of `quota.json`. */
export const QUOTA_FORMAT: StateFormat<QuotaState> = {
  schema: "civitai-dl/quota",
  version: 1,
  parse: ({ limits, buckets }) => {
    if (!Array.isArray(buckets)) throw new SyntaxError('"buckets" is not a list');
    return { limits: parseLimits(asFields(limits, '"limits"')), buckets: buckets.map(parseBucket) };
  },
  format: ({ limits, buckets }) => ({
    limits,
    buckets: buckets.map(({ at, ...amount }) => ({ at: new Date(at).toISOString(), ...amount })),
  }),
  loss: "its counts are lost",
};

function parseLimits({ links, bytes }: StateFields): DayLimits {
  const isLimit = (value: unknown): value is number | null => value === null || isCount(value);
  if (isLimit(links) && isLimit(bytes)) return { links, bytes };
  throw new SyntaxError('"limits" is not two counts');
}

function parseBucket(entry: unknown, index: number): QuotaBucket {
  const { at, links, bytes } = asFields(entry, `"buckets.${index}"`);
  const start = typeof at === "string" ? Date.parse(at) : NaN;
  if (Number.isFinite(start) && isCount(links) && isCount(bytes)) return { at: start, links, bytes };
  throw new SyntaxError(`"buckets.${index}" is not a time with two counts`);
}
