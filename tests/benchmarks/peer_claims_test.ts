import { assertEquals } from "@std/assert";
import { chartOf, medianClaim, peakClaim, ratioClaim } from "../../benchmarks/peers/_claims.ts";
import { GOALS } from "../../benchmarks/peers/_goals.ts";
import type { SideRuns } from "../../lib/bench/mod.ts";
import { judgeClaim, type Measured } from "../../lib/judge/mod.ts";
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

const RUNS = [
  runsOf("ours", [1, 2, 3, 4, 5, 6]),
  runsOf("curl", [2, 4, 6, 8, 10, 12]),
  runsOf("axel", [1], "no answer"),
];

const judge = (claim: Measured) => judgeClaim(claim).verdict;

Deno.test("ratioClaim() measures the ratio of two sides, round by round", () => {
  const claim = ratioClaim(RUNS, { of: "ours", to: "curl", limit: 0.6 });
  assertEquals([claim.id, claim.unit, claim.requirement, judge(claim)], [
    ...["ours / curl", "ratio", { op: "<=", value: 0.6 }, "pass"] as const,
  ]);
  assertNear(claim.estimate!, 0.5);
  assertEquals(judge(ratioClaim(RUNS, { of: "curl", to: "ours", limit: 2.5, op: ">=" })), "fail");
});

Deno.test("ratioClaim() has no number if a side failed or is missing", () => {
  for (const to of ["axel", "wget2"]) {
    const claim = ratioClaim(RUNS, { of: "ours", to, limit: 1 });
    assertEquals([claim.estimate, judge(claim)], [undefined, "not evaluated"]);
  }
});

Deno.test("medianClaim() measures the median of one side", () => {
  const wish = { unit: "s", limit: 3.5 } as const;
  const open = medianClaim(RUNS, { ...wish, of: "ours", metric: "seconds" });
  assertEquals([open.estimate, judge(open)], [3.5, "inconclusive"]);
  assertEquals(medianClaim(RUNS, { ...wish, of: "axel", metric: "seconds" }).trials, 0);
  assertEquals(judge(medianClaim(RUNS, { ...wish, of: "ours", metric: "cpuSeconds" })), "not evaluated");
});

Deno.test("peakClaim() is the exact largest number of all runs", () => {
  const wish = { metric: "peakRssBytes", unit: "bytes", what: "peak", limit: 100 };
  const claim = peakClaim(RUNS, { ...wish, of: "ours" });
  assertEquals([claim.estimate, claim.trials, judge(claim)], [100, 6, "pass"]);
  assertEquals(judge(peakClaim(RUNS, { ...wish, of: "wget2" })), "not evaluated");
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
    ["ours", true, 6],
    ["curl", false, 6],
    ["axel", false, 1],
  ]);
  assertEquals(chart.limits, [{ label: "0.5 × curl", value: 3.5 }, { label: "limit", value: 9 }]);
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
