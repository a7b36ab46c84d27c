import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ConcurrencyRound } from "../../../lib/stability/mod.ts";
import { explainReservation, judgeConcurrency } from "../../../lib/stability/concurrency/judge_concurrency.ts";

function run(changes: Partial<ConcurrencyRound> = {}): ConcurrencyRound {
  return {
    round: 2,
    name: "4 workers",
    workers: 4,
    processes: 1,
    files: 6000,
    failed: 0,
    errors: 0,
    peak: 4,
    waits: 0,
    shares: [6000],
    requests: 7000,
    faults: 900,
    seconds: 30,
    reservation: null,
    messages: [],
    ...changes,
  };
}

Deno.test("judgeConcurrency() passes by the upper bound of all concurrent runs, and not by the run with one worker", () => {
  const series = run({ workers: 1, errors: 0, failed: 50 });
  const { verdict, events, trials } = judgeConcurrency([series, run(), run()]);
  assertEquals([verdict, events, trials], ["pass", 0, 12_000]);
  assertEquals(judgeConcurrency([series]).verdict, "not evaluated");
  assertEquals(judgeConcurrency([]).verdict, "not evaluated");
});

Deno.test("judgeConcurrency() fails on a race in 0.2 % of the downloads", () => {
  const runs = [2, 4, 8, 4].map((workers) => run({ workers, files: 5500, errors: 11 }));
  assertEquals(judgeConcurrency(runs).verdict, "fail");
  // A third of that is neither proven nor refuted with a quarter of the downloads.
  assertEquals(judgeConcurrency([run({ files: 5500, errors: 4 })]).verdict, "inconclusive");
});

Deno.test("judgeConcurrency() does not count runs without concurrency, and does not pass beside them", () => {
  const idle = run({ name: "8 workers", workers: 8, peak: 1, reservation: "at most 1 requests were open" });
  const { verdict, trials, reason } = judgeConcurrency([run(), idle]);
  assertEquals([verdict, trials], ["inconclusive", 6000]);
  assertStringIncludes(reason, "8 workers does not count: at most 1 requests were open");
  assertEquals(judgeConcurrency([run({ errors: 60 }), idle]).verdict, "fail");
  // A process that ended at once has failed, although nothing was concurrent.
  assertEquals(judgeConcurrency([run(), { ...idle, errors: 6000 }]).verdict, "fail");
});

Deno.test("explainReservation() demands that more than half of the workers were busy at once, and faults", () => {
  assertEquals(explainReservation(run()), null);
  assertEquals(explainReservation(run({ workers: 1, peak: 1, faults: 0 })), null);
  assertEquals(explainReservation(run({ peak: 3 })), null);
  assertEquals(explainReservation(run({ peak: 2 })), "at most 2 requests were open at the same time");
  assertEquals(explainReservation(run({ faults: 0 })), "no response had a fault");
});

Deno.test("explainReservation() demands that two processes waited for each other, and both worked", () => {
  const two = { processes: 2, waits: 3, shares: [3000, 3000] };
  assertEquals(explainReservation(run(two)), null);
  assertEquals(explainReservation(run({ ...two, waits: 0 })) === null, false);
  assertEquals(explainReservation(run({ ...two, shares: [6000, 0] })) === null, false);
});
