import { assertEquals } from "@std/assert";
import { peakOverlap } from "../../lib/stats/mod.ts";

Deno.test("peakOverlap() counts concurrent intervals", () => {
  assertEquals(peakOverlap([]), 0);
  assertEquals(peakOverlap([{ start: 0, end: 1 }, { start: 1, end: 2 }]), 1);
  assertEquals(
    peakOverlap([{ start: 0, end: 9 }, { start: 3, end: 5 }, { start: 4, end: 6 }, { start: 7, end: 8 }]),
    3,
  );
  assertEquals(peakOverlap([{ start: 4, end: 4 }]), 0);
});
