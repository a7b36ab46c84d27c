import { assertEquals } from "@std/assert";
import { chartOf, countCriterion, medianCriterion, ratioCriterion } from "../../benchmarks/peers/_criteria.ts";
import { GOALS } from "../../benchmarks/peers/_goals.ts";
import type { SideRuns } from "../../lib/bench/mod.ts";
import { assertNear } from "../helpers/assert_near.ts";

function runsOf(name: string, seconds: readonly number[], problem: string | null = null): SideRuns {
  const samples = seconds.map((value, index) => ({
    seconds: value,
    cpuSeconds: null,
    peakRssBytes: 100,
    bytes: null,
    round: index + 1,
    startedMs: 0,
  }));
  return { name, samples, warmup: [], problem };
}

const RUNS = [runsOf("ours", [1, 2, 3, 4, 5]), runsOf("curl", [2, 4, 6, 8, 10]), runsOf("axel", [1], "no answer")];

Deno.test("ratioCriterion() judges the ratio of two sides", () => {
  const { what, unit, limit, estimate, isMet, isCertain } = ratioCriterion(RUNS, {
    of: "ours",
    to: "curl",
    limit: 0.6,
  });
  assertEquals([what, unit, limit, isMet, isCertain], ["ours / curl", "ratio", 0.6, true, true]);
  assertNear(estimate!.value, 0.5);
  const slow = ratioCriterion(RUNS, { of: "curl", to: "ours", limit: 2.5, direction: "at least" });
  assertEquals([slow.isMet, slow.isCertain], [false, true]);
});

Deno.test("ratioCriterion() has no value if a side failed or is missing", () => {
  for (const to of ["axel", "wget2"]) {
    const { estimate, isMet } = ratioCriterion(RUNS, { of: "ours", to, limit: 1 });
    assertEquals([estimate, isMet], [null, null]);
  }
});

Deno.test("medianCriterion() judges the median of one side", () => {
  const wish = { what: "start", unit: "seconds", limit: 2.5 } as const;
  const slow = medianCriterion(RUNS, { ...wish, of: "ours", metric: "seconds" });
  assertEquals([slow.estimate!.value, slow.isMet, slow.isCertain], [3, false, false]);
  assertEquals(medianCriterion(RUNS, { ...wish, of: "axel", metric: "seconds" }).estimate, null);
  assertEquals(medianCriterion(RUNS, { ...wish, of: "ours", metric: "cpuSeconds" }).isMet, null);
});

Deno.test("countCriterion() is exact", () => {
  const wish = { what: "connections", unit: "count", limit: 0 } as const;
  const none = countCriterion(0, wish);
  assertEquals([none.estimate!.confidence, none.isMet, none.isCertain], [1, true, true]);
  assertEquals(countCriterion(null, wish).isMet, null);
});

Deno.test("chartOf() shows all sides, and limits as shares of a median", () => {
  const chart = chartOf(RUNS, {
    title: "Wall time",
    metric: "seconds",
    unit: "seconds",
    limits: [{ label: "limit", value: 9 }],
    shares: [{ of: "curl", share: 0.5 }, { of: "wget2", share: 0.5 }],
  });
  assertEquals(chart.series.map(({ name, isOurs, values }) => [name, isOurs, values.length]), [
    ["ours", true, 5],
    ["curl", false, 5],
    ["axel", false, 1],
  ]);
  assertEquals(chart.limits, [{ label: "0.5 × curl", value: 3 }, { label: "limit", value: 9 }]);
  assertEquals(chart.series[2]!.problem, "no answer");
});

/** The words of docs/performance.md for a side. */
const ON_THE_PAGE: Readonly<Record<string, string>> = {
  "curl, then sha256sum": "curl, then sha256sum",
  "aria2c -x4, verified": "aria2c -x4 --checksum",
  "aria2c -j16": "aria2c -j16",
  "aria2c -j16, verified": "aria2c -j16 with checksums",
};

Deno.test("GOALS are those that docs/performance.md states last for the same work", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/performance.md", import.meta.url));
  const stated = new Map<string, number>();
  let id = "";
  for (const [, target = "", work = "", goal = ""] of page.matchAll(/^\|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|/gm)) {
    id = target.trim() || id;
    const [, limit, peer] = /^≤ ([\d.]+) × (.+)$/.exec(goal.trim()) ?? [];
    // With flushing, the same peer is another comparison.
    if (limit !== undefined && !work.includes("flushed")) stated.set(`${id} ${peer}`, Number(limit));
  }
  for (const [id, goals] of Object.entries(GOALS)) {
    for (const { to, limit } of goals) {
      assertEquals(stated.get(`${id} ${ON_THE_PAGE[to]}`), limit, `${id}: ${to}`);
    }
  }
});
