import { parseSize } from "./size.ts";

/** A part of the week with its own rate. Minutes are counted from Sunday, 00:00, local time. */
export interface RateSpan {
  /** The first minute, from 0. */
  readonly fromMinute: number;
  /** The minute after the last one, up to 10,080. */
  readonly toMinute: number;
  /** Bytes per second; `null` means unlimited. */
  readonly bytesPerSecond: number | null;
}

/** Bandwidth limits over a week. */
export interface RateSchedule {
  /** Spans in chronological order; they do not overlap. */
  readonly spans: readonly RateSpan[];
  /** Bytes per second outside of the spans; `null` means unlimited. */
  readonly otherwise: number | null;
}

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const EXAMPLE = 'write 20M, or a timetable such as "08:00-23:00 5M, 0"';
const ENTRY = /^(?:([a-z]{3})(?:-([a-z]{3}))?\s+)?(?:(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s+)?(\S.*)$/i;

/**
 * Parse a bandwidth: a rate such as `20M` (`0` means unlimited), or a timetable of rates in local time. Entries are
 * separated by commas. An entry may begin with weekdays (`Sat`, `Mon-Fri`), with a time range that may go past midnight
 * (`22:00-06:00`), or with both. An entry without either applies to the rest of the week; without such an entry, the
 * rest is unlimited.
 *
 * @param text The text that the user wrote, such as `Mon-Fri 08:00-18:00 5M, Sat-Sun 20M, 0`
 * @returns The schedule
 * @throws {SyntaxError} If an entry is invalid or overlaps with another; the message names it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRateSchedule } from "@civitai-dl/civitai-dl/transfer";
 * assertEquals(parseRateSchedule("20M").otherwise, 20 * 1024 * 1024);
 * ```
 */
export function parseRateSchedule(text: string): RateSchedule {
  const parsed: { readonly span: RateSpan; readonly part: string }[] = [];
  let rest: { readonly rate: number | null; readonly part: string } | undefined;
  for (const part of text.split(",").map((it) => it.trim())) {
    const { ranges, rate } = parseEntry(part);
    if (ranges === undefined) {
      if (rest !== undefined) throw invalidEntry(part, `"${rest.part}" already sets the rate for the rest`);
      rest = { rate, part };
      continue;
    }
    for (const [fromMinute, toMinute] of ranges) {
      const other = parsed.find(({ span }) => fromMinute < span.toMinute && span.fromMinute < toMinute);
      if (other !== undefined) throw invalidEntry(part, `it overlaps with "${other.part}"`);
      parsed.push({ span: { fromMinute, toMinute, bytesPerSecond: rate }, part });
    }
  }
  const spans = parsed.map(({ span }) => span).toSorted((a, b) => a.fromMinute - b.fromMinute);
  return { spans, otherwise: rest?.rate ?? null };
}

type Range = readonly [fromMinute: number, toMinute: number];

function parseEntry(part: string): { readonly ranges: readonly Range[] | undefined; readonly rate: number | null } {
  const match = ENTRY.exec(part);
  if (match === null) {
    throw invalidEntry(part, part === "" ? "it is empty" : "it is neither a rate nor days or times with a rate");
  }
  const [, firstDay, lastDay, from, to, rateText] = match;
  const rate = parseRate(part, rateText!);
  if (firstDay === undefined && from === undefined) return { ranges: undefined, rate };
  const fromMinute = from === undefined ? 0 : parseTime(part, from);
  const toMinute = to === undefined ? DAY_MINUTES : parseTime(part, to);
  if (fromMinute === toMinute || fromMinute === DAY_MINUTES) throw invalidEntry(part, "its range is empty");
  const length = toMinute > fromMinute ? toMinute - fromMinute : toMinute + DAY_MINUTES - fromMinute;
  const ranges = parseDays(part, firstDay, lastDay).flatMap((day): readonly Range[] => {
    const start = day * DAY_MINUTES + fromMinute;
    // A range that begins on Saturday night ends on Sunday, which is the beginning of the week.
    if (start + length <= WEEK_MINUTES) return [[start, start + length]];
    return [[start, WEEK_MINUTES], [0, start + length - WEEK_MINUTES]];
  });
  return { ranges, rate };
}

function parseDays(part: string, first: string | undefined, last = first): readonly number[] {
  if (first === undefined) return DAYS.map((_, day) => day);
  const [from, to] = [first, last!].map((name) => {
    const day = DAYS.findIndex((it) => it === name.toLowerCase());
    if (day < 0) throw invalidEntry(part, `unknown day "${name}", expected Mon, Tue, Wed, Thu, Fri, Sat or Sun`);
    return day;
  });
  return Array.from({ length: (to! - from! + 7) % 7 + 1 }, (_, index) => (from! + index) % 7);
}

function parseTime(part: string, text: string): number {
  const [hours, minutes] = text.split(":").map(Number);
  const time = hours! * 60 + minutes!;
  if (minutes! > 59 || time > DAY_MINUTES) throw invalidEntry(part, `invalid time ${text}`);
  return time;
}

function parseRate(part: string, text: string): number | null {
  const rate = tryParseSize(text);
  if (rate === undefined) throw invalidEntry(part, `"${text}" is not a rate`);
  // A positive rate that rounds to 0 must not become 0, which means unlimited.
  if (rate === 0 && /[1-9]/.test(text)) throw invalidEntry(part, "it is less than a byte");
  return rate === 0 ? null : rate;
}

function tryParseSize(text: string): number | undefined {
  try {
    return parseSize(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function invalidEntry(part: string, problem: string): SyntaxError {
  return new SyntaxError(`Cannot parse rate "${part}": ${problem}; ${EXAMPLE}`);
}
