import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseRateSchedule, rateAt } from "../../../lib/transfer/mod.ts";

const M = 1024 * 1024;

/** A moment of the week from Sunday, 4 January 2026, in local time. */
function at(day: number, hours: number, minutes = 0, seconds = 0): Date {
  return new Date(2026, 0, 4 + day, hours, minutes, seconds);
}

Deno.test("parseRateSchedule() reads one constant rate, and 0 as unlimited", () => {
  for (
    const [text, rate] of [["20M", 20 * M], ["500K", 512_000], ["1.5 MiB/s", 1.5 * M], ["1", 1], ["0", null]] as const
  ) {
    assertEquals(parseRateSchedule(text), { spans: [], otherwise: rate });
    assertEquals(rateAt(parseRateSchedule(text), at(3, 12)), { bytesPerSecond: rate, changesAtMs: null });
  }
});

const TABLE: readonly [text: string, now: Date, rate: number | null, until: Date][] = [
  ["08:00-23:00 5M, 0", at(1, 7, 59, 59), null, at(1, 8)],
  ["08:00-23:00 5M, 0", at(1, 8), 5 * M, at(1, 23)],
  ["08:00-23:00 5M, 0", at(1, 22, 59, 30), 5 * M, at(1, 23)],
  ["08:00-23:00 5M, 0", at(1, 23), null, at(2, 8)],
  // The rest comes first or last, or is omitted.
  ["1M, 8:00-9:00 5M", at(1, 9), M, at(2, 8)],
  ["08:00-09:00 5M", at(1, 9), null, at(2, 8)],
  // Across midnight, and across the end of the week.
  ["22:00-06:00 0, 2M", at(1, 23, 30), null, at(2, 6)],
  ["22:00-06:00 0, 2M", at(2, 5, 59), null, at(2, 6)],
  ["22:00-06:00 0, 2M", at(6, 23), null, at(7, 6)],
  ["22:00-06:00 0, 2M", at(0, 3), null, at(0, 6)],
  ["00:00-12:00 1M, 12:00-24:00 2M", at(1, 13), 2 * M, at(2, 0)],
  // Days.
  ["Mon-Fri 08:00-18:00 5M, 0", at(5, 17), 5 * M, at(5, 18)],
  ["Mon-Fri 08:00-18:00 5M, 0", at(5, 18), null, at(8, 8)],
  ["mon-FRI 08:00-18:00 5M, 0", at(6, 12), null, at(8, 8)],
  ["Sat-Sun 9M, 1M", at(6, 0), 9 * M, at(8, 0)],
  ["Sat-Sun 9M, 1M", at(7, 23, 59), 9 * M, at(8, 0)],
  ["Sat 22:00-06:00 9M, 1M", at(7, 5), 9 * M, at(7, 6)],
  ["Sat 22:00-06:00 9M, 1M", at(6, 5), M, at(6, 22)],
  ["Fri-Mon 3M, 1M", at(2, 0), M, at(5, 0)],
  ["Wed 3M, 1M", at(3, 0), 3 * M, at(4, 0)],
  // Equal neighbors are not a change.
  ["08:00-12:00 5M, 12:00-18:00 5M, 0", at(1, 9), 5 * M, at(1, 18)],
];

for (const [text, now, rate, until] of TABLE) {
  Deno.test(`rateAt() reads "${text}" on day ${now.getDay()} at ${now.toTimeString().slice(0, 8)}`, () => {
    const found = rateAt(parseRateSchedule(text), now);
    assertEquals([found.bytesPerSecond, new Date(found.changesAtMs!)], [rate, until]);
  });
}

Deno.test("rateAt() agrees for every minute of a week with its last change", () => {
  const schedule = parseRateSchedule("Mon-Fri 08:00-18:00 5M, Sat 22:30-04:15 0, Tue-Thu 23:00-01:00 7M, 1M");
  let now = at(0, 0);
  let found = rateAt(schedule, now);
  while (now < at(8, 0)) {
    now = new Date(now.getTime() + 60_000);
    const next = rateAt(schedule, now);
    const isChange = found.changesAtMs === now.getTime();
    assertEquals(next.bytesPerSecond !== found.bytesPerSecond, isChange, `${now}`);
    if (!isChange) assertEquals(next.changesAtMs, found.changesAtMs);
    found = next;
  }
});

Deno.test("rateAt() always returns a later change, also on days of a clock change", () => {
  const schedule = parseRateSchedule("01:30-02:30 5M, 1M");
  for (let hour = 0; hour < 366 * 24; hour++) {
    const now = new Date(Date.UTC(2026, 0, 1, hour, 15));
    const { changesAtMs } = rateAt(schedule, now);
    assert(changesAtMs! > now.getTime() && changesAtMs! <= now.getTime() + 25 * 3_600_000);
  }
});

const WRONG: readonly [text: string, part: string, problem: string][] = [
  ["", '""', "it is empty"],
  ["5M,", '""', "it is empty"],
  ["fast", '"fast"', '"fast" is not a rate'],
  ["-5M", '"-5M"', "is not a rate"],
  ["0.0001", '"0.0001"', "less than a byte"],
  ["08:00-23:00", '"08:00-23:00"', "is not a rate"],
  ["0, 08:00-25:00 5M", '"08:00-25:00 5M"', "invalid time 25:00"],
  ["08:60-09:00 5M", '"08:60-09:00 5M"', "invalid time 08:60"],
  ["08:00-08:00 5M", '"08:00-08:00 5M"', "empty"],
  ["24:00-06:00 5M", '"24:00-06:00 5M"', "empty"],
  ["Mon-Fry 08:00-09:00 5M", '"Mon-Fry 08:00-09:00 5M"', 'unknown day "Fry"'],
  ["1M, 2M", '"2M"', '"1M" already sets the rate for the rest'],
  ["08:00-12:00 1M, 11:59-13:00 2M", '"11:59-13:00 2M"', 'overlaps with "08:00-12:00 1M"'],
  ["22:00-06:00 1M, Tue 05:00-05:30 2M", '"Tue 05:00-05:30 2M"', 'overlaps with "22:00-06:00 1M"'],
  ["Sat 22:00-06:00 1M, Sun 2M", '"Sun 2M"', 'overlaps with "Sat 22:00-06:00 1M"'],
];

for (const [text, part, problem] of WRONG) {
  Deno.test(`parseRateSchedule() refuses "${text}" with the error and a correction`, () => {
    const { message } = assertThrows(() => parseRateSchedule(text), SyntaxError);
    for (const said of [`Cannot parse rate ${part}: `, problem, '"08:00-23:00 5M, 0"']) {
      assertStringIncludes(message, said);
    }
  });
}
