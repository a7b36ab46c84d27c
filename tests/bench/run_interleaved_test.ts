import { assertEquals, assertRejects } from "@std/assert";
import { type BenchSide, runInterleaved, type Sample } from "../../lib/bench/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";

const SAMPLE: Sample = { seconds: 1, cpuSeconds: null, peakRssBytes: null, bytes: null };

function side(name: string, trace: string[], fail?: (round: number) => void): BenchSide {
  const note = (step: string) => {
    trace.push(`${step} ${name}`);
    return Promise.resolve();
  };
  return {
    name,
    prepare: () => note("prepare"),
    async run({ round }) {
      await note("run");
      fail?.(round);
      return SAMPLE;
    },
    check: () => note("check"),
  };
}

Deno.test("runInterleaved() reverses the order each round", async () => {
  const trace: string[] = [];
  await runInterleaved({ sides: ["A", "B", "C"].map((name) => side(name, trace)), runs: 2 });
  const runs = trace.filter((line) => line.startsWith("run")).map((line) => line.slice(4));
  assertEquals(runs.join(""), "ABCCBAABC");
  assertEquals(trace.slice(0, 4), ["prepare A", "run A", "check A", "prepare B"]);
});

Deno.test("runInterleaved() separates the warm-up and timestamps every run", async () => {
  const clock = new FakeClock();
  const slow: BenchSide = {
    name: "slow",
    run() {
      clock.advance(1000);
      return Promise.resolve(SAMPLE);
    },
  };
  const [runs] = await runInterleaved({ sides: [slow], runs: 3, warmup: 2, clock });
  assertEquals(runs!.warmup.map((sample) => [sample.round, sample.startedMs]), [[0, 0], [1, 1000]]);
  assertEquals(runs!.samples.map((sample) => [sample.round, sample.startedMs]), [[2, 2000], [3, 3000], [4, 4000]]);
});

Deno.test("runInterleaved() drops a side that fails and continues with the others", async () => {
  const trace: string[] = [];
  const fail = (round: number) => {
    if (round === 2) throw new Error("wrong bytes");
  };
  const seen: string[] = [];
  const [good, bad] = await runInterleaved({
    sides: [side("good", trace), side("bad", trace, fail)],
    runs: 4,
    onRun: (name) => seen.push(name),
  });
  assertEquals([good!.samples.length, good!.problem], [4, null]);
  assertEquals([bad!.samples.length, bad!.problem], [1, "wrong bytes"]);
  assertEquals(seen.filter((name) => name === "bad").length, 2);
});

Deno.test("runInterleaved() rejects with the reason of its signal", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const stopper: BenchSide = {
    name: "stopper",
    run() {
      controller.abort(reason);
      return Promise.reject(new Error("was killed"));
    },
  };
  const error = await assertRejects(() => runInterleaved({ sides: [stopper], runs: 1, signal: controller.signal }));
  assertEquals(error, reason);
});

Deno.test("runInterleaved() refuses invalid options", async () => {
  const sides = [side("A", []), side("A", [])];
  await assertRejects(() => runInterleaved({ sides, runs: 1 }), RangeError);
  await assertRejects(() => runInterleaved({ sides: [], runs: 1 }), RangeError);
  await assertRejects(() => runInterleaved({ sides: [side("A", [])], runs: 0 }), RangeError);
  await assertRejects(() => runInterleaved({ sides: [side("A", [])], runs: 1, warmup: -1 }), RangeError);
});
