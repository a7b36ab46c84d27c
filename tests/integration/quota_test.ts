import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { runQuota } from "./scenarios/quota.ts";

Deno.test("download killed five times requests again only the links of the files under way", async () => {
  const figures = await runQuota({
    files: 60,
    largeSizes: [1_500_000, 3_000_000, 1_000_000, 2_000_000],
    kills: 5,
    seed: 3,
    bytesPerSecond: 4_000_000,
    toxics: [{ type: "expiredUrl", rate: 0.05, on: ["storage"] }, { type: "reset", rate: 0.06 }],
  });
  const { files, right, kills, hits, expiries, underWay, resets, failedRuns } = figures;
  assertEquals([failedRuns, right, kills], [[], files, 5]);
  assertGreater(expiries, 0);
  assertGreater(resets, 0);
  assertLessOrEqual(hits, files + expiries + underWay);
});
