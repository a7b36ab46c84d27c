import { assert, assertEquals } from "@std/assert";
import { parseGateConfig, parseRequirement } from "../../lib/gate/mod.ts";
import { judgeRate } from "../../lib/soak/mod.ts";
import {
  countShares,
  judgeRatio,
  judgeRatios,
  judgeRollout,
  randomFor,
  sharesOfRate,
  trialsForPower,
} from "../helpers/simulation/judge_trials.ts";
import { judgePairedRun } from "../helpers/simulation/paired_rounds.ts";
import { drawJudgeRows, isMet, type JudgeRow, replaceJudgeRows } from "../perf/_judge_rows.ts";

Deno.test("sharesOfRate() sums the same verdicts as judgeRate() gives for each count", () => {
  const trials = 300;
  const rate = 0.02;
  let pass = 0;
  let fail = 0;
  let probability = (1 - rate) ** trials;
  for (let events = 0; events <= 60; events++) {
    const { verdict } = judgeRate({ id: "timeout_rate", events, trials, requirement: { op: "<", value: 0.01 } });
    if (verdict === "pass") pass += probability;
    if (verdict === "fail") fail += probability;
    probability *= (trials - events) / (events + 1) * rate / (1 - rate);
  }
  const shares = sharesOfRate(rate, trials, 0.01);
  assert(
    Math.abs(shares.pass - pass) < 1e-9 && Math.abs(shares.fail - fail) < 1e-9,
    JSON.stringify([shares, pass, fail]),
  );
});

Deno.test("trialsForPower() gives a sample that refutes twice the limit, and one of half that size does not", () => {
  const trials = trialsForPower(0.05, 0.97);
  assert(sharesOfRate(0.1, trials, 0.05).fail >= 0.97);
  assert(sharesOfRate(0.1, Math.ceil(trials / 2), 0.05).fail < 0.97);
});

Deno.test("concurrency-error-rate asks for a sample that refutes a race in 0.2 % of the downloads", async () => {
  const text = await Deno.readTextFile(new URL("../../config/phases.yml", import.meta.url));
  const { minCount } = parseGateConfig(text).phases[2]!.conditions.find(({ id }) => id === "concurrency-error-rate")!;
  assert(sharesOfRate(0.002, minCount, 0.001).fail >= 0.97);
  assert(sharesOfRate(0.0002, minCount, 0.001).pass >= 0.97);
});

Deno.test("no-regression asks for as many runs as refute one of twelve times that takes 10 % longer", async () => {
  const text = await Deno.readTextFile(new URL("../../config/phases.yml", import.meta.url));
  const { minCount, require, source, command } = parseGateConfig(text).phases[1]!.conditions.find(({ id }) =>
    id === "no-regression"
  )!;
  assertEquals([source.type === "evidence" && source.judge, command.includes(` --runs ${minCount} `)], [
    "ratios",
    true,
  ]);
  const shares = (ratio: number) => {
    const session = { random: randomFor(`test ${ratio}`), runs: minCount, ratio, variation: 0.05, benchmarks: 12 };
    return countShares(10, () => judgeRatios(session, require));
  };
  assertEquals([shares(1), shares(1.1)], [{ pass: 1, fail: 0 }, { pass: 0, fail: 1 }]);
});

Deno.test("judgeRatio() judges as the gate does: twice as fast passes, equal fails", () => {
  const shares = (ratio: number) => {
    const session = { random: randomFor("test"), runs: 10, ratio, variation: 0.05 };
    return countShares(20, () => judgeRatio(session, { claim: "speedUp", require: parseRequirement(">= 1.20") }));
  };
  assertEquals([shares(0.5), shares(1)], [{ pass: 1, fail: 0 }, { pass: 0, fail: 1 }]);
});

Deno.test("judgeRollout() aborts a canary that fails, and advances one that does not", () => {
  const stage = { random: randomFor("stage"), baseline: 0, speed: 1 };
  assertEquals([judgeRollout({ ...stage, canary: 0.5 }), judgeRollout({ ...stage, canary: 0 })], ["fail", "pass"]);
});

Deno.test("drawJudgeRows() marks judges that err too often, and never rounds to certainty", () => {
  const row: JudgeRow = {
    judge: "speed-up",
    statistic: "interval",
    sample: "10 runs",
    truth: "equal",
    isSound: false,
    pass: 0,
    fail: 0.96,
  };
  assertEquals([isMet(row), isMet({ ...row, fail: 0.97 }), isMet({ ...row, isSound: true, fail: 0.02 })], [
    false,
    true,
    false,
  ]);
  const text = drawJudgeRows([row, { ...row, isSound: true, fail: 0.00001, pass: 0.99999 }]);
  assert(text.includes("| 96 % | 0 % | too rarely |"), text);
  assert(text.includes("| < 0.01 % | > 99.99 % |  |"), text);
});

Deno.test("replaceJudgeRows() replaces the rows of a judge in their place, and appends those of a new one", () => {
  const row = (judge: string, truth: string): JudgeRow => {
    return { judge, statistic: "a", sample: "b", truth, isSound: true, pass: 1, fail: 0 };
  };
  const table = drawJudgeRows([row("first", "old"), row("second", "old"), row("second", "older"), row("third", "old")]);
  assertEquals(
    replaceJudgeRows(table, [row("second", "new")]),
    drawJudgeRows([row("first", "old"), row("second", "new"), row("third", "old")]),
  );
  assertEquals(
    replaceJudgeRows(table, [row("fourth", "new")]),
    `${table}\n${drawJudgeRows([row("fourth", "new")]).split("\n")[2]}`,
  );
});

Deno.test("stability-kept asks for a sample that refutes a profile that is worse by twice as much as it may be", async () => {
  const text = await Deno.readTextFile(new URL("../../config/phases.yml", import.meta.url));
  const { minCount } = parseGateConfig(text).phases[2]!.conditions.find(({ id }) => id === "stability-kept")!;
  const session = { random: randomFor("pairs"), rounds: Math.ceil(minCount / 21) };
  assertEquals(judgePairedRun({ ...session, worseOfHit: 0.004 }), "fail");
  assertEquals(judgePairedRun({ ...session, worse: 0.004 }), "fail");
  assertEquals(judgePairedRun(session), "pass");
});
