import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { compareBenchmarks, measureCommands } from "../../../lib/bench/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** A shell script as a benchmark. */
async function script(folder: string, name: string, text: string) {
  await Deno.writeTextFile(join(folder, name), text);
  return { words: ["sh", name], cwd: folder };
}

const GOOD = `echo '{"benchmarks":[{"name":"a","value":2},{"name":"hits","unit":"count","isExact":true,"value":7}]}'`;

Deno.test("measureCommands() runs in the order A B B A, drops the first round and leaves no gaps", () =>
  inTempDir(async (folder) => {
    const baseline = await script(folder, "a.sh", GOOD);
    const target = await script(folder, "b.sh", GOOD);
    const measured = await measureCommands({ baseline, target, runs: 4 });
    const order = measured.order.toSorted((a, b) => a.startedMs - b.startedMs);
    assertEquals(
      order.map(({ side }) => side[0] === "a" ? "A" : side[0] === "b" ? "a" : "b").join(" "),
      "a b A a b A A b a a b A A b a",
    );
    const pairs = order.filter(({ side }) => side !== "again");
    assertEquals(pairs.map(({ side }) => side === "target" ? "B" : "A").join(""), "ABABBAABBA");
    for (const [index, run] of order.entries()) {
      const next = order[index + 1];
      // Each starts where the previous one ended, except for the start of the clock.
      if (next !== undefined) assert(next.startedMs - run.startedMs >= run.seconds * 1000 - 1);
    }
    assertEquals(measured.baseline.map(({ name, samples, again }) => [name, samples, again]), [
      ["a", [2, 2, 2, 2], [2, 2, 2, 2]],
      ["hits", [7, 7, 7, 7], [7, 7, 7, 7]],
    ]);
    assertEquals(compareBenchmarks(measured.baseline, measured.target).verdict, "pass");
  }));

Deno.test("measureCommands() says what a baseline that fails has said, and its command", () =>
  inTempDir(async (folder) => {
    const bad = await script(folder, "a.sh", "echo 'no configuration' >&2; exit 1");
    const refused = await assertRejects(() => measureCommands({ baseline: bad, target: bad, runs: 2 }), KitError);
    assertEquals(refused.message, "Cannot measure the baseline: exit code 1: no configuration");
    assertMatch(refused.hint!, /^Run it in a checkout of that commit, and see what it says: .*a\.sh/);
  }));

Deno.test("measureCommands() marks a target as failed that exits badly, prints nothing or hangs", () =>
  inTempDir(async (folder) => {
    const baseline = await script(folder, "a.sh", GOOD);
    const cases: readonly (readonly [text: string, said: RegExp])[] = [
      ["echo 'error: no way' >&2; exit 3", /exit code 3: error: no way/],
      ["exit 0", /printed nothing/],
      ["sleep 60", /timed out after 3 s/],
      [`echo '{"benchmarks":[{"name":"a","value":-2}]}'`, /-2 is not a non-negative number/],
    ];
    for (const [text, said] of cases) {
      const target = await script(folder, "b.sh", text);
      const measured = await measureCommands({
        baseline,
        target,
        runs: 2,
        timeLimitMs: text.startsWith("sleep") ? 3000 : 60_000,
      });
      // No round was measured, and the numbers of the warm-up are not the baseline's.
      const samples = [...measured.baseline, ...measured.target].flatMap((one) => [...one.samples, ...one.again]);
      assertEquals([measured.runs, samples], [0, []]);
      const { claims } = compareBenchmarks(measured.baseline, measured.target);
      assertEquals(claims.map((one) => one.verdict), ["fail", "fail"]);
      assertMatch(claims[0]!.reason, said);
    }
  }));

Deno.test("measureCommands() repeats a run that crashed, and fails after two crashes in a row", () =>
  inTempDir(async (folder) => {
    const baseline = await script(folder, "a.sh", GOOD);
    const once = await script(folder, "b.sh", `[ -e crashed ] || { touch crashed; kill -SEGV $$; }; ${GOOD}`);
    const measured = await measureCommands({ baseline, target: once, runs: 2 });
    assertEquals([measured.crashes, measured.target[0]!.problem, measured.target[0]!.samples], [1, null, [2, 2]]);
    const always = await script(folder, "c.sh", "kill -SEGV $$");
    const lost = await measureCommands({ baseline, target: always, runs: 1 });
    assertEquals([lost.crashes, lost.runs], [1, 0]);
    assertEquals(lost.target[0]!.problem, "exit code 139");
  }));

Deno.test("measureCommands() does not compare with a failing baseline, or without benchmarks", () =>
  inTempDir(async (folder) => {
    const good = await script(folder, "a.sh", GOOD);
    const bad = await script(folder, "b.sh", "exit 1");
    const empty = await script(folder, "c.sh", `echo '{"benchmarks":[]}'`);
    const measure = (baseline: typeof good, target: typeof good) => measureCommands({ baseline, target, runs: 1 });
    assertEquals((await assertRejects(() => measure(bad, good), KitError, "baseline")).code, "inconclusive");
    assertEquals((await assertRejects(() => measure(empty, good), KitError, "no benchmarks")).code, "usage");
    assertEquals((await assertRejects(() => measure(good, empty), KitError, "no benchmarks")).code, "usage");
  }));

Deno.test("measureCommands() lists the available benchmarks if no requested one exists", () =>
  inTempDir(async (folder) => {
    const empty = await script(folder, "a.sh", `echo '{"benchmarks":[]}'`);
    const all = await script(folder, "b.sh", GOOD);
    const bad = await script(folder, "c.sh", "exit 1");
    const refuse = (baseline: readonly string[], target: readonly string[]) =>
      assertRejects(() =>
        measureCommands({
          baseline: { ...empty, allWords: baseline },
          target: { ...empty, allWords: target },
          runs: 1,
          isPartial: true,
        }), KitError);
    for (const [baseline, target] of [[all, all], [all, bad], [empty, all]] as const) {
      const { code, message, hint } = await refuse(baseline.words, target.words);
      assertEquals([code, message], [
        "usage",
        "Cannot compare: neither baseline nor candidate has a benchmark of that name",
      ]);
      assertMatch(hint!, /^Available: a, hits;/);
    }
    assertMatch((await refuse(bad.words, bad.words)).hint!, /^Cannot list the benchmarks: exit code 1$/);
    assertMatch((await refuse(empty.words, empty.words)).message, /the baseline has no benchmarks/);
  }));

Deno.test("measureCommands() notes a benchmark that is missing or throws in some runs", () =>
  inTempDir(async (folder) => {
    const baseline = await script(folder, "a.sh", GOOD);
    const target = await script(
      folder,
      "b.sh",
      `if [ -e seen ]; then echo '{"benchmarks":[{"name":"a","value":2}]}'; else ${GOOD}; fi; [ -e once ] && touch seen; touch once`,
    );
    const { target: [, hits] } = await measureCommands({ baseline, target, runs: 3 });
    assertEquals(hits!.problem, "2 of 3 runs did not have it");
  }));

Deno.test("measureCommands() refuses two benchmarks with the same name", () =>
  inTempDir(async (folder) => {
    const print = (second: number) =>
      `echo '{"benchmarks":[{"name":"x","value":1},{"name":"y","value":1},{"name":"x","value":${second}}]}'`;
    const baseline = await script(folder, "a.sh", print(1));
    const target = await script(folder, "b.sh", print(9));
    const measured = await measureCommands({ baseline, target, runs: 4 });
    const { claims } = compareBenchmarks(measured.baseline, measured.target);
    assertEquals(claims.map((one) => one.verdict), ["fail", "pass"]);
    assertEquals(claims[0]!.reason, 'in the candidate: two benchmarks are named "x"; rename one of them');
    assertEquals(measured.target[0]!.samples, []);
  }));

Deno.test("measureCommands() fills a duration with rounds, with a minimum", () =>
  inTempDir(async (folder) => {
    const side = await script(folder, "a.sh", GOOD);
    let now = 0;
    const clock = { monotonic: () => now++ };
    // Every reading of the clock takes a millisecond, so that a round has a fixed duration.
    const options = { baseline: side, target: side, runs: 2, clock };
    const first = await measureCommands({ ...options, durationMs: 1 });
    assertEquals(first.runs, 2);
    assert((await measureCommands({ ...options, durationMs: 40 })).runs > 2);
    const limited = await measureCommands({ ...options, durationMs: 4000, maxRuns: 3 });
    assert(limited.runs === 3 && limited.leftOut > 0);
    assertEquals((await measureCommands({ ...options, maxRuns: 1 })).runs, 2);
  }));

Deno.test("measureCommands() that is stopped keeps the rounds that are complete", () =>
  inTempDir(async (folder) => {
    const fast = await script(folder, "a.sh", GOOD);
    const stop = new AbortController();
    const onRun = ({ round, side }: { readonly round: number; readonly side: string }): void => {
      // The target of round 3 has not run yet.
      if (round === 3 && side === "baseline") stop.abort(new KitError("interrupted", "Stopped"));
    };
    const measured = await measureCommands({ baseline: fast, target: fast, runs: 9, onRun, signal: stop.signal });
    assertEquals([measured.runs, measured.plannedRuns], [2, 9]);
    for (const one of [...measured.baseline, ...measured.target]) assertEquals(one.samples.length, 2);
    assertEquals(measured.baseline[0]!.again?.length, 2);
  }));

Deno.test("measureCommands() that is stopped in the warm-up, or in the first round, has no samples", () =>
  inTempDir(async (folder) => {
    const slow = await script(folder, "a.sh", "sleep 60");
    const stop = new AbortController();
    const measuring = measureCommands({ baseline: slow, target: slow, runs: 1, signal: stop.signal });
    stop.abort(new KitError("interrupted", "Stopped"));
    const { runs, plannedRuns, baseline, target } = await measuring;
    assertEquals([runs, plannedRuns, baseline, target], [0, 1, [], []]);
    const fast = await script(folder, "b.sh", `echo '{"benchmarks":[{"name":"a","value":1}]}'`);
    const later = new AbortController();
    const first = await measureCommands({
      baseline: fast,
      target: fast,
      runs: 4,
      onRun: ({ round }) => round === 1 && later.abort(new KitError("interrupted", "Stopped")),
      signal: later.signal,
    });
    assertEquals([first.runs, first.plannedRuns, first.target, first.order.length], [0, 4, [], 4]);
  }));
