import { assertEquals, assertGreater } from "@std/assert";
import { compareCpuProfiles, type CpuAnalysis } from "../../../lib/profiling/mod.ts";

function analysisOf(shares: Readonly<Record<string, number>>, busySamples: number): CpuAnalysis {
  const functions = Object.entries(shares).map(([name, selfShare]) => ({
    name,
    group: "lib/base",
    file: "lib/base/a.ts",
    line: 1 + busySamples,
    isTranspiled: false,
    hits: 0,
    selfMs: 0,
    selfShare,
    totalMs: 0,
    totalShare: 0,
    hotLines: [],
  }));
  return { durationMs: 0, busyMs: 0, idleMs: 0, samples: busySamples, busySamples, groups: [], functions };
}

Deno.test("compareCpuProfiles() tells a difference from the noise of sampling", () => {
  const before = analysisOf({ hot: 0.5, same: 0.1, gone: 0.05 }, 1000);
  const { functions } = compareCpuProfiles(before, analysisOf({ hot: 0.3, same: 0.11, new: 0.05 }, 1000));
  const found = functions.map(({ name, isBeyondNoise }) => [name.split(" ")[0], isBeyondNoise]);
  assertEquals(found, [["hot", true], ["gone", true], ["new", true], ["same", false]]);
  assertEquals(functions[0]!.name, "hot (lib/base/a.ts)");
});

Deno.test("compareCpuProfiles() believes less with fewer samples", () => {
  const change = (samples: number) =>
    compareCpuProfiles(analysisOf({ f: 0.2 }, samples), analysisOf({ f: 0.3 }, samples)).functions[0]!;
  assertEquals([change(2000).isBeyondNoise, change(20).isBeyondNoise], [true, false]);
  assertGreater(change(20).noise, change(2000).noise);
  assertEquals(change(0).isBeyondNoise, false);
});
