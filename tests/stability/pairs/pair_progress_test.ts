import { assertEquals } from "@std/assert";
import { describePairProgress } from "../../../lib/stability/mod.ts";
import { roundOf, roundsOf } from "./_rounds.ts";

const settings = { profile: "parallel", against: "resilient" } as const;
const planned = 12;

Deno.test("describePairProgress() says how far the run is, what failed, and how long it takes", () => {
  const failed = { both: 1, profile: 0, against: 2 };
  const done = [roundOf(0, { failed }), roundOf(1)];
  assertEquals(
    describePairProgress(settings, { planned, done, earlier: 0, active: 4, elapsedMs: 84_000 }),
    "round 3 of 12 (16 %): 200 pairs, 1 failed with parallel, 3 with resilient; 7m left",
  );
});

Deno.test("describePairProgress() estimates the time from the rounds of this sitting alone", () => {
  const done = roundsOf(6);
  assertEquals(
    describePairProgress(settings, { planned, done, earlier: 6, active: 4, elapsedMs: 50_000 }),
    "round 7 of 12 (50 %): 600 pairs, 0 failed with parallel, 0 with resilient; 4 under way, the first takes about a minute",
  );
  assertEquals(
    describePairProgress(settings, { planned, done, earlier: 4, active: 4, elapsedMs: 50_000 }).split("; ")[1],
    "2m 30s left",
  );
});
