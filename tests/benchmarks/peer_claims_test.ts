import { assertEquals } from "@std/assert";
import { chartOf, medianClaim, peakClaim, ratioClaim, slowerOf } from "../../benchmarks/peers/_claims.ts";
import { GOALS, LIMITS, P11_SIDE, P4_SIDE, P8_SIDE } from "../../benchmarks/peers/_goals.ts";
import { LIMIT } from "../../benchmarks/peers/_machine_limit.ts";
import { SIDE } from "../../benchmarks/peers/_one_file.ts";
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

Deno.test("slowerOf() has the slower run of each round", () => {
  const runs = [runsOf("dd", [1, 5, 3]), runsOf("sum", [2, 4]), runsOf("absent", [9], "no such program")];
  assertEquals(slowerOf(runs, "slower", ["dd", "sum"]).samples.map(({ seconds }) => seconds), [2, 5]);
  for (const sides of [["dd", "absent"], ["absent", "dd"], ["dd", "x"]] as const) {
    assertEquals(slowerOf(runs, "slower", sides).samples, []);
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
  [SIDE.curl]: "curl, then sha256sum",
  [SIDE.curlFlushed]: "curl, sync, sha256sum",
  [SIDE.aria2]: "aria2c -x4 --checksum",
  [LIMIT]: LIMIT,
  [P4_SIDE.aria2]: "aria2c -j16",
  [P4_SIDE.checked]: "aria2c -j16 with checksums",
  [P4_SIDE.checkedInMemory]: "aria2c -j16 with checksums, in memory",
  [P11_SIDE.largePeer]: "sha256sum, two at once",
  [P11_SIDE.smallPeer]: P11_SIDE.smallPeer,
};

/** The rows of the tables of docs/performance.md: the target's id, the work, and the goal. */
async function statedGoals(): Promise<readonly (readonly [id: string, work: string, goal: string])[]> {
  const page = await Deno.readTextFile(new URL("../../docs/performance.md", import.meta.url));
  let id = "";
  return [...page.matchAll(/^\|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|/gm)].map(([, target = "", work = "", goal = ""]) => {
    id = target.trim() || id;
    return [id, work.trim(), goal.trim()] as const;
  });
}

Deno.test("GOALS are those that docs/performance.md states last for the same work", async () => {
  const stated = new Map<string, number>();
  for (const [id, , goal] of await statedGoals()) {
    const [, limit, peer] = /^≤ ([\d.]+) × (.+)$/.exec(goal) ?? [];
    if (limit !== undefined) stated.set(`${id} ${peer}`, Number(limit));
  }
  for (const [id, goals] of Object.entries(GOALS)) {
    for (const { to, limit } of goals) {
      assertEquals(stated.get(`${id} ${ON_THE_PAGE[to]}`), limit, `${id}: ${to}`);
    }
  }
});

Deno.test("LIMITS are those that docs/performance.md states", async () => {
  const stated = await statedGoals();
  assertEquals(stated.find(([id]) => id === "P5")?.[2].split(",")[0], `≤ ${LIMITS.P5 / 1e6} MB`);
  for (const [side, work] of [[P8_SIDE.help, "`--help`"], [P8_SIDE.task, "`deno task download --help`"]] as const) {
    const row = stated.find(([id, name]) => id === "P8" && name === work);
    assertEquals(row?.[2], `≤ ${LIMITS.P8[side] * 1000} ms`);
  }
});
