import { assertEquals, assertStringIncludes } from "@std/assert";
import { judgePairs, type PairRound, verdictOfPairs } from "../../../lib/stability/mod.ts";
import { roundOf, roundsOf } from "./_rounds.ts";

function verdicts(rounds: readonly PairRound[]): Readonly<Record<string, string>> {
  return Object.fromEntries(judgePairs(rounds).map(({ id, verdict }) => [id, verdict]));
}

const DONE = { type: "planned" } as const;
const ALL_PASS = { "failure_rate": "pass", "recovery_rate": "pass", "timeout_rate": "pass", "p99_time": "pass" };

Deno.test("judgePairs() proves that equal profiles are as stable, and that neither is better", () => {
  const rounds = roundsOf(120);
  assertEquals(verdicts(rounds), { ...ALL_PASS, improvement: "fail" });
  const claims = judgePairs(rounds);
  assertEquals(claims.map(({ trials }) => trials), [12_000, 3600, 12_000, 12_000, 3600]);
  assertEquals(verdictOfPairs(claims, DONE), "pass");
});

Deno.test("judgePairs() cancels failures that both profiles have", () => {
  const failed = { both: 5, profile: 0, against: 0 };
  assertEquals(verdicts(roundsOf(120, { failed, unrecovered: failed })), { ...ALL_PASS, improvement: "fail" });
});

Deno.test("judgePairs() refutes a profile of which half a percent more downloads fail", () => {
  const rounds = Array.from(
    { length: 200 },
    (_, round) =>
      round % 2 === 0
        ? roundOf(round, { failed: { both: 0, profile: 1, against: 0 }, timedOut: { both: 0, profile: 1, against: 0 } })
        : roundOf(round),
  );
  const found = verdicts(rounds);
  assertEquals([found.failure_rate, found.timeout_rate, found.recovery_rate], ["fail", "fail", "pass"]);
  assertEquals(verdictOfPairs(judgePairs(rounds), DONE), "fail");
});

Deno.test("judgePairs() judges recovery among the pairs that a fault hit", () => {
  const unrecovered = { both: 0, profile: 1, against: 0 };
  const found = judgePairs(roundsOf(100, { unrecovered })).find(({ id }) => id === "recovery_rate")!;
  assertEquals([found.verdict, found.trials, found.estimate], ["fail", 3000, 1 / 30]);
});

Deno.test("judgePairs() refutes a 99th percentile that is longer by more than 5 percent", () => {
  const slower = (seconds: number) => ({
    times: {
      profile: [...Array<number>(98).fill(100), seconds, seconds],
      against: [...Array<number>(98).fill(100), 3000, 3000],
    },
  });
  assertEquals(verdicts(roundsOf(60, slower(3300))).p99_time, "fail");
  assertEquals(verdicts(roundsOf(60, slower(3120))).p99_time, "pass");
});

Deno.test("judgePairs() proves an improvement of one of the four, and names it", () => {
  const times = roundOf(0).times;
  const half = { profile: times.profile.map((ms) => ms / 2), against: times.against };
  const claim = judgePairs(roundsOf(60, { times: half })).at(-1)!;
  assertEquals([claim.id, claim.verdict, claim.estimate, claim.unit], ["improvement", "pass", 0.5, "ratio"]);
  assertStringIncludes(claim.note!, "p99_time is better");
  // Four chances: each needs a higher confidence.
  assertEquals(claim.confidence, 1 - 0.02 / 4);
});

Deno.test("judgePairs() leaves an improvement open that is too small for the sample", () => {
  const failed = { both: 0, profile: 0, against: 1 };
  const rounds = Array.from({ length: 40 }, (_, round) => round < 1 ? roundOf(round, { failed }) : roundOf(round));
  assertEquals(verdicts(rounds).improvement, "inconclusive");
});

Deno.test("judgePairs() proves nothing with fewer than 20 rounds, or without any", () => {
  for (const rounds of [[], roundsOf(19)]) {
    const claims = judgePairs(rounds);
    const undecided = rounds.length === 0 ? "not evaluated" : "inconclusive";
    assertEquals(new Set(claims.map(({ verdict }) => verdict)), new Set([undecided]));
    assertStringIncludes(claims[4]!.note!, `${rounds.length} rounds are too few`);
    assertEquals(verdictOfPairs(claims, DONE), "inconclusive");
  }
});
