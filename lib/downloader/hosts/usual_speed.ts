/** Speed of one kind on one day: the median of its readings. */
export interface DaySpeed {
  /** The day in UTC, such as `2026-01-31`. */
  readonly day: string;
  /** Bytes or answers per second. */
  readonly speed: number;
  /** Number of readings. */
  readonly readings: number;
  /** Whether the host was slow in all readings of the day. */
  readonly isSlow?: boolean;
}

/** Days that are remembered. A new normal takes over when it has lasted for half of them. */
const KEPT_DAYS = 14;
/** Fewer readings prove nothing. */
const MIN_READINGS = 6;

/**
 * Compute the usual speed: the median of the days before today. On the first day it is that of today, because a host
 * that was fast in the morning should be known to be slow at noon.
 *
 * @param days Days in any order
 * @param today The day in UTC that is not over yet
 * @param minReadings Readings without which nothing is known
 * @returns Bytes or answers per second; `null` if there are too few readings
 */
export function usualSpeed(days: readonly DaySpeed[], today: string, minReadings = MIN_READINGS): number | null {
  const earlier = days.filter(({ day }) => day !== today);
  const known = countReadings(earlier) >= MIN_READINGS ? earlier : days;
  return countReadings(known) < minReadings ? null : median(known.map(({ speed }) => speed));
}

/**
 * Add the readings of a run to the days that are remembered.
 *
 * @param days Days of earlier runs
 * @param readings Day, and the readings of the run
 * @returns The last 14 days, oldest first
 */
export function addReadings(
  days: readonly DaySpeed[],
  { day, usual, slow }: { readonly day: string; readonly usual: readonly number[]; readonly slow: readonly number[] },
): readonly DaySpeed[] {
  // Readings of a slow host count only on a day that has no others: a bad hour is not the new normal.
  const isSlow = usual.length === 0;
  const readings = isSlow ? slow : usual;
  if (readings.length === 0) return days;
  const fresh: DaySpeed = {
    day,
    speed: median(readings)!,
    readings: readings.length,
    ...isSlow ? { isSlow } : {},
  };
  const known = days.find((one) => one.day === day);
  const others = days.filter((one) => one.day !== day);
  const merged = known === undefined ? fresh : mergeDay(known, fresh);
  return [...others, merged].toSorted((a, b) => a.day < b.day ? -1 : 1).slice(-KEPT_DAYS);
}

function mergeDay(known: DaySpeed, fresh: DaySpeed): DaySpeed {
  if (known.isSlow !== fresh.isSlow) return known.isSlow ? fresh : known;
  const readings = known.readings + fresh.readings;
  const speed = (known.speed * known.readings + fresh.speed * fresh.readings) / readings;
  return { ...fresh, speed, readings };
}

function countReadings(days: readonly DaySpeed[]): number {
  return days.reduce((sum, { readings }) => sum + readings, 0);
}

/** The middle of some numbers; `null` without any. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
