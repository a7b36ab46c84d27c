import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { SlidingWindow, type WindowCall } from "../../../lib/failsafe/mod.ts";

const START = Date.UTC(2026, 0, 1);
const FAILED: WindowCall = { outcome: "failed" };
const OK: WindowCall = { outcome: "ok" };

Deno.test("SlidingWindow counts the last minute and the last 50 calls", () => {
  const window = new SlidingWindow();
  for (let i = 0; i < 60; i++) window.add(START + i * 100, i < 10 ? FAILED : { outcome: "ok", isSlow: i % 2 === 0 });
  const now = START + 6000;
  assertEquals(window.countLastMinute(now), { calls: 60, failures: 10, slow: 25 });
  assertEquals(window.countLastCalls(now), { calls: 50, failures: 0, slow: 25 });
});

Deno.test("SlidingWindow drops calls older than a minute", () => {
  const window = new SlidingWindow();
  for (let i = 0; i < 9; i++) window.add(START, FAILED);
  assertEquals(window.countLastMinute(START + 54_999).calls, 9);
  for (const later of [60_000, 61_000, 3_600_000, 1e12]) {
    assertEquals([window.countLastMinute(START + later).calls, window.countLastCalls(START + later).calls], [0, 0]);
  }
});

Deno.test("SlidingWindow survives clock jumps in both directions", () => {
  const window = new SlidingWindow();
  const random = seededRandom(7);
  let now = START;
  for (let i = 0; i < 5000; i++) {
    now += random() < 0.02 ? Math.round((random() - 0.5) * 1e10) : Math.round(random() * 2000);
    window.add(now, random() < 0.5 ? FAILED : OK);
    for (const counts of [window.countLastMinute(now), window.countLastCalls(now)]) {
      assert(counts.calls >= 1 && counts.failures >= 0 && counts.failures <= counts.calls);
    }
    assertLessOrEqual(window.countLastCalls(now).calls, 50);
  }
});

Deno.test("SlidingWindow counts slices since a moment", () => {
  const window = new SlidingWindow();
  window.add(START, FAILED);
  window.add(START + 5000, OK);
  assertEquals(window.countLastMinute(START + 6000, { after: START }), { calls: 1, failures: 0, slow: 0 });
  assertEquals(window.countLastMinute(START + 6000, { after: START - 1 }).calls, 2);
});

Deno.test("SlidingWindow counts consecutive hard failures that are not far apart", () => {
  const window = new SlidingWindow();
  for (let i = 0; i < 4; i++) window.add(START, { outcome: "hard" });
  assertEquals(window.hardStreak(START), 4);
  assertEquals(window.hardStreak(START + 120_000), 0);
  window.add(START + 120_000, { outcome: "hard" });
  assertEquals(window.hardStreak(START + 120_000), 1);
  window.add(START + 120_000, OK);
  assertEquals(window.hardStreak(START + 120_000), 0);
});

Deno.test("SlidingWindow remembers a success that 50 later failures followed, to the millisecond", () => {
  const window = new SlidingWindow();
  window.add(START + 4999, OK);
  for (let i = 0; i < 50; i++) window.add(START + 5000, FAILED);
  assertEquals(window.sinceSuccessMs(START + 5000), 1);
  assertEquals(SlidingWindow.from(window.toJSON()).sinceSuccessMs(START + 60_000), 55_001);
  // A clock that is set back.
  window.add(START - 3_600_000, FAILED);
  assertEquals(window.sinceSuccessMs(START - 3_599_000), 1000);
});

Deno.test("SlidingWindow counts from the first call after a minute of rest as from a success", () => {
  const window = new SlidingWindow();
  assertEquals(window.sinceSuccessMs(START), Infinity);
  window.add(START, FAILED);
  window.add(START + 50_000, FAILED);
  assertEquals(window.sinceSuccessMs(START + 50_000), 50_000);
  window.add(START + 120_000, FAILED);
  window.add(START + 121_000, FAILED);
  assertEquals(window.sinceSuccessMs(START + 121_000), 1000);
});

Deno.test("SlidingWindow does not take the kind of an earlier failure for that of the last one", () => {
  const kind = { failure: "server", status: 500 } as const;
  const window = new SlidingWindow();
  window.add(START, { outcome: "failed", kind });
  window.add(START, OK);
  assertEquals(window.lastKind(START), kind);
  window.add(START, { outcome: "hard" });
  assertEquals(window.lastKind(START), null);
  assertEquals(window.mainKind(START), kind);
});

Deno.test("SlidingWindow is restored from its record unchanged, with bounded memory", () => {
  const window = new SlidingWindow();
  for (let i = 0; i < 100_000; i++) window.add(START + i * 37, i % 3 === 0 ? { outcome: "hard" } : OK);
  const record = window.toJSON();
  assertEquals([record.slices.length, record.last.length], [12, 50]);
  assertEquals(SlidingWindow.from(JSON.parse(JSON.stringify(record))).toJSON(), record);
});
