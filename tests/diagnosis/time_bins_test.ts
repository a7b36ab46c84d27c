import { assertEquals, assertLessOrEqual } from "@std/assert";
import { TimeBins } from "../../lib/diagnosis/time_bins.ts";

Deno.test("TimeBins counts per bin, with empty bins in between", () => {
  const bins = new TimeBins({ widthMs: 10, maxBins: 100 });
  for (const at of [1005, 1009, 1031]) bins.add(at);
  assertEquals(bins.read(), { startMs: 1000, widthMs: 10, counts: [2, 0, 0, 1] });
});

Deno.test("TimeBins doubles its bins and loses no event, in whatever order they come", () => {
  const times = Array.from({ length: 1000 }, (_, index) => (index * 7919) % 1_000_003);
  for (const order of [times, times.toReversed(), times.toSorted((a, b) => a - b)]) {
    const bins = new TimeBins({ widthMs: 1, maxBins: 50 });
    for (const at of order) bins.add(at);
    const { counts, startMs } = bins.read()!;
    assertLessOrEqual(counts.length, 50);
    assertLessOrEqual(startMs, Math.min(...times));
    assertEquals(counts.reduce((sum, count) => sum + count, 0), 1000);
  }
});

Deno.test("TimeBins has nothing to read before the first event", () => assertEquals(new TimeBins().read(), null));
