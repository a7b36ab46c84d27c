import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { DiskTrend } from "../../../lib/monitor/library/disk_trend.ts";
import { assertNear } from "../../helpers/assert_near.ts";

const GIB = 2 ** 30;
const TICK_MS = 30_000;

/** Bytes per second that the downloader and other programs write at a tick, negative where they delete. */
interface Writing {
  readonly own?: number;
  readonly others?: number;
}

/** A disk that is watched by a tick of 30 seconds; returns the estimates of each tick. */
function watch(
  ticks: number,
  writingAt: (tick: number) => Writing,
  { freeBytes = 100 * GIB, plannedBytes = 0 }: { readonly freeBytes?: number; readonly plannedBytes?: number } = {},
): readonly (number | null)[] {
  const trend = new DiskTrend();
  let free = freeBytes;
  let planned = plannedBytes;
  let ownBytes = 0;
  return Array.from({ length: ticks }, (_, tick) => {
    const { own = 0, others = 0 } = writingAt(tick);
    const written = Math.min(planned, own * TICK_MS / 1000);
    planned -= written;
    ownBytes += written;
    free -= written + others * TICK_MS / 1000;
    trend.add({ at: tick * TICK_MS, freeBytes: free, ownBytes });
    return trend.secondsUntil({ reserveBytes: GIB, plannedBytes: planned });
  });
}

Deno.test("DiskTrend estimates when other programs will have filled the disk, after five minutes", () => {
  const estimates = watch(31, () => ({ others: 20 * 2 ** 20 }), { freeBytes: 50 * GIB });
  assertEquals(estimates.slice(0, 10), Array(10).fill(null));
  const rest = (50 * GIB - 31 * 30 * 20 * 2 ** 20 - GIB) / (20 * 2 ** 20);
  assertNear(estimates.at(-1)!, rest, rest * 0.02);
});

Deno.test("DiskTrend extrapolates a run only as far as its plan", () => {
  // At 200 MiB/s the disk would be full in eight minutes, but the plan ends before.
  const fits = watch(30, () => ({ own: 200 * 2 ** 20 }), { plannedBytes: 90 * GIB });
  assertEquals(fits.filter((seconds) => seconds !== null), []);
  const exceeds = watch(12, () => ({ own: 50 * 2 ** 20 }), { plannedBytes: 200 * GIB });
  const rest = (100 * GIB - 12 * 30 * 50 * 2 ** 20 - GIB) / (50 * 2 ** 20);
  assertNear(exceeds.at(-1)!, rest, rest * 0.02);
  // Another program needs what the plan leaves.
  const both = watch(12, () => ({ own: 50 * 2 ** 20, others: 10 * 2 ** 20 }), { plannedBytes: 60 * GIB });
  assert(both.at(-1)! > 1000 && both.at(-1)! < 4000, `${both.at(-1)}`);
});

Deno.test("DiskTrend ignores one copy, a backup that is deleted, and what logs write", () => {
  const copy = watch(40, (tick) => ({ others: tick === 12 ? GIB : 0 }));
  assertEquals(copy.filter((seconds) => seconds !== null), []);
  const logs = watch(40, () => ({ others: 4096 }));
  assertEquals(logs.filter((seconds) => seconds !== null), []);
  assertEquals(watch(40, () => ({ others: -GIB / 60 })).filter((seconds) => seconds !== null), []);
});

Deno.test("DiskTrend does not warn on ten quiet nights of two days each", () => {
  for (let night = 0; night < 10; night++) {
    const random = seededRandom(night + 1);
    // The run of the night, logs all day, a copy of some GiB now and then, and caches that are emptied.
    const estimates = watch(2 * 2880, (tick) => ({
      own: tick % 2880 < 240 ? random() * 30 * 2 ** 20 : 0,
      others: random() < 0.01 ? random() * GIB / 10 : random() < 0.01 ? -random() * GIB / 10 : random() * 8192,
    }), { freeBytes: 900 * GIB, plannedBytes: 160 * GIB });
    assertEquals(estimates.filter((seconds) => seconds !== null && seconds < 7200), [], `night ${night}`);
  }
});

Deno.test("DiskTrend says 0 at the reserve, and begins anew if the clock is set back", () => {
  const trend = new DiskTrend();
  for (let tick = 0; tick < 20; tick++) {
    trend.add({ at: tick * TICK_MS, freeBytes: GIB, ownBytes: 0 });
  }
  assertEquals(trend.secondsUntil({ reserveBytes: GIB, plannedBytes: 0 }), 0);
  trend.add({ at: -1, freeBytes: 2 * GIB, ownBytes: 0 });
  assertEquals(trend.secondsUntil({ reserveBytes: GIB, plannedBytes: 0 }), null);
});
