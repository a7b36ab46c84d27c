import { assertEquals } from "@std/assert";
import { type Claim, judgeClaim, judgeClaims } from "../../../lib/judge/mod.ts";
import { type ClaimFacts, measureClaim, measureGroups } from "../../../lib/soak/judges/measure_claims.ts";
import { noCounts, type SoakCounts } from "../../../lib/soak/facts/soak_totals.ts";
import type { ClaimId } from "../../../lib/soak/mod.ts";

const EMPTY = { stride: 1, points: [] };
const GENERATION = {
  fromMs: 0,
  untilMs: 14_397_000,
  heapUsed: EMPTY,
  external: EMPTY,
  handles: EMPTY,
  timers: EMPTY,
  rss: EMPTY,
};

function factsOf(totals: Partial<SoakCounts>, more: Partial<ClaimFacts> = {}): ClaimFacts {
  const base = { deadlocks: 0, restarts: 0, generation: GENERATION, maxRss: null, plannedMs: 1, actualMs: 1 };
  return { ...base, totals: { ...noCounts(), ...totals }, ...more };
}

function judge(id: ClaimId, facts: ClaimFacts): Claim {
  return judgeClaim(measureClaim(id, facts));
}

function verdicts(id: ClaimId, cases: readonly Partial<SoakCounts>[]): readonly string[] {
  return cases.map((totals) => judge(id, factsOf(totals)).verdict);
}

Deno.test("measureClaim() proves of 299 provoked silences that they are cut, of none nothing", () => {
  const cases = [{}, { silences: 298 }, { silences: 299 }, { silences: 299, lateCuts: 1 }, {
    silences: 5,
    lateCuts: 5,
  }];
  assertEquals(verdicts("late_cut_rate", cases), ["not evaluated", "inconclusive", "pass", "inconclusive", "fail"]);
});

Deno.test("measureClaim() accepts no missing item, and ten percent more bytes than wanted", () => {
  assertEquals(verdicts("completeness", [{}, { expected: 9 }, { expected: 9, missing: 1 }]), [
    ...["not evaluated", "pass", "fail"],
  ]);
  const wire = [{}, { wantedBytes: 100, wireBytes: 110 }, { wantedBytes: 100, wireBytes: 111 }, { wireBytes: 1 }];
  assertEquals(verdicts("wire_bytes", wire), ["not evaluated", "pass", "fail", "fail"]);
});

Deno.test("measureGroups() measures the rates of each group, and no other claim", () => {
  const group = { ops: 1, attempts: 299, failures: 0, timeouts: 0, recovered: 59, unrecovered: 0 };
  const groups = { turbo: group, stable: { ...group, failures: 100, unrecovered: 30 } };
  const facts = factsOf({}, { groups });
  const claims = (["success_rate", "recovery_rate", "timeout_rate", "deadlocks"] as const)
    .flatMap((id) => judgeClaims(measureGroups(id, facts))).map(({ id, verdict }) => `${id} ${verdict}`);
  assertEquals(claims, [
    ...["success_rate:stable fail", "success_rate:turbo pass", "recovery_rate:stable fail"],
    ...["recovery_rate:turbo pass", "timeout_rate:stable pass", "timeout_rate:turbo pass"],
  ]);
});

Deno.test("measureClaim() counts the minutes of one process as the trials of a leak", () => {
  const points = Array.from({ length: 240 }, (_, minute) => [60_000 * minute, 30] as const);
  const generation = { ...GENERATION, handles: { stride: 1, points }, timers: { stride: 1, points } };
  const facts = factsOf({}, { generation, warmUp: { forMs: 3_600_000, growthBytes: 1 } });
  for (const id of ["leak_handles", "leak_timers"] as const) {
    const claim = judge(id, facts);
    assertEquals([claim.verdict, claim.trials, claim.estimate], ["pass", 240, 0]);
  }
  // Two sittings of two hours are two processes.
  const half = { ...generation, untilMs: 7_200_000 };
  assertEquals(judge("leak_handles", { ...facts, generation: half }).trials, 120);
});
