import { assertEquals, assertLessOrEqual } from "@std/assert";
import { runKills } from "./scenarios/kills.ts";

Deno.test("download resumes after eight kills with correct bytes", async () => {
  const fileSizes = [12_000_000, 3_000_000, 2_000, 1_500_000, 40_000, 2_500_000, 150_000, 1_000_000];
  const figures = await runKills({ kills: 8, killsPerLibrary: 8, fileSizes, bytesPerSecond: 8_000_000, seed: 7 });
  assertEquals(figures.notes, []);
  const { kills, wrongAtEnd, wrongAfterKill, unreadable, failedRuns, libraryBytes, servedBytes } = figures;
  assertEquals({ kills, wrongAtEnd, wrongAfterKill, unreadable, failedRuns }, {
    kills: 8,
    wrongAtEnd: 0,
    wrongAfterKill: 0,
    unreadable: 0,
    failedRuns: 0,
  });
  // Bytes in transit at a kill are fetched again: a buffer, not a file.
  assertLessOrEqual(servedBytes, libraryBytes + kills * 2_500_000);
});
