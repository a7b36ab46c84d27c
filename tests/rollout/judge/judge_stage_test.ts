import { assertEquals } from "@std/assert";
import {
  addOutcome,
  type ArmRecord,
  DEFAULT_RULES,
  EMPTY_ARM,
  type Judgement,
  judgeStage,
} from "../../../lib/rollout/mod.ts";
import { assertNear } from "../../helpers/assert_near.ts";

/** An arm with this many downloads, whose rates spread evenly around a mean. */
function arm(ok: number, change: Partial<ArmRecord> = {}, bytesPerSecond = 1_000_000): ArmRecord {
  let record = { ...EMPTY_ARM, ...change };
  for (let index = 0; index < ok; index++) {
    record = addOutcome(record, { type: "ok", bytesPerSecond: bytesPerSecond * (0.9 + 0.2 * (index * 7 % 64) / 64) });
  }
  return record;
}

function judge(canary: ArmRecord, baseline: ArmRecord): Judgement {
  return judgeStage({ canary, baseline }, DEFAULT_RULES);
}

Deno.test("judgeStage() without downloads holds: inconclusive: 0/50 samples", () => {
  const { verdict, reason, canary } = judge(EMPTY_ARM, EMPTY_ARM);
  assertEquals([verdict, reason], ["hold", "inconclusive: 0/50 samples (canary 0, baseline 0)"]);
  assertEquals([canary.n, canary.logRatio, canary.bytesPerSecond], [0, 0, null]);
});

Deno.test("judgeStage() advances a healthy canary after 72 clean downloads, not before", () => {
  assertEquals(judge(arm(71), arm(71)).verdict, "hold");
  const { verdict, reason, criteria } = judge(arm(72), arm(72));
  assertEquals(criteria.map(({ verdict }) => verdict), ["pass", "pass", "pass", "pass"]);
  assertEquals([verdict, reason], [
    "advance",
    "0 of 72 canary downloads failed: log-likelihood ratio -3.66 has reached -3.65; throughput is 1.00 of the baseline's",
  ]);
});

Deno.test("judgeStage() needs 50 downloads of each arm to advance, and none to abort", () => {
  assertEquals(judge(arm(400), arm(49)).reason, "inconclusive: 49/50 samples (canary 400, baseline 49)");
  assertEquals(judge(arm(400), arm(50)).verdict, "advance");
  assertEquals(judge(arm(0, { errors: 3 }), EMPTY_ARM).verdict, "abort");
});

Deno.test("judgeStage() counts errors and timeouts together", () => {
  const { verdict, reason, canary, bounds } = judge(arm(5, { errors: 2, timeouts: 1 }), arm(9));
  assertEquals(verdict, "abort");
  assertEquals(reason, "3 of 8 canary downloads failed: log-likelihood ratio 7.80 has reached 3.17");
  assertEquals([canary.n, canary.errors, canary.timeouts], [8, 2, 1]);
  assertNear(bounds.lower, Math.log(0.05 / 0.96 / 2), 1e-12);
  assertNear(bounds.upper, Math.log(0.95 / 0.04), 1e-12);
});

Deno.test("judgeStage() aborts at one canary download with wrong content, and at none of the baseline", () => {
  const { verdict, reason } = judge(arm(500, { integrity: 1 }), arm(500));
  assertEquals([verdict, reason], ["abort", "1 canary download had wrong content"]);
  assertEquals(judge(arm(100), arm(100, { integrity: 1 })).verdict, "advance");
});

Deno.test("judgeStage() holds if both arms fail alike, and aborts if the canary is clearly worse", () => {
  const alike = judge(arm(14, { errors: 6 }), arm(15, { errors: 5 }));
  assertEquals([alike.verdict, alike.reason], [
    "hold",
    "inconclusive: 20/50 samples (canary 20, baseline 20)",
  ]);
  const later = judge(arm(60, { errors: 25 }), arm(60, { errors: 24 }));
  assertEquals(
    later.reason,
    "inconclusive: 25 of 85 canary downloads failed, not clearly more often than 24 of 84 of the baseline: " +
      "log-likelihood ratio -14.48, needed 4.78",
  );
  assertEquals(
    judge(arm(40, { errors: 40 }), arm(60, { errors: 8 })).reason,
    "40 of 80 canary downloads failed: log-likelihood ratio 121.49 has reached 3.17, and 8.42 against 8 of 68 of the baseline",
  );
});

Deno.test("judgeStage() aborts at two failures among the first eleven downloads, and at three among nineteen", () => {
  assertEquals(judge(arm(0, { errors: 1 }), arm(1)).verdict, "hold");
  assertEquals(judge(arm(9, { errors: 2 }), arm(11)).verdict, "abort");
  assertEquals(judge(arm(10, { errors: 2 }), arm(12)).verdict, "hold");
  assertEquals(judge(arm(16, { errors: 3 }), arm(19)).verdict, "abort");
});

Deno.test("judgeStage() compares only when a failure is to be expected: before, two more than the baseline's suffice", () => {
  // The same three failures, with 19 downloads and with 20.
  assertEquals(judge(arm(16, { errors: 3 }), arm(19)).verdict, "abort");
  assertEquals(judge(arm(17, { errors: 3 }), arm(20)).verdict, "hold");
  assertEquals(judge(arm(17, { errors: 8 }), arm(25)).verdict, "abort");
  // At the start, the baseline must fail nearly as often as the canary to save it.
  assertEquals(judge(arm(16, { errors: 3 }), arm(18, { errors: 1 })).verdict, "abort");
  assertEquals(judge(arm(16, { errors: 3 }), arm(17, { errors: 2 })).verdict, "hold");
  assertEquals(judge(arm(3, { errors: 16 }), arm(16, { errors: 3 })).verdict, "abort");
  // A baseline without downloads vouches for nobody.
  assertEquals(judge(arm(17, { errors: 3 }), EMPTY_ARM).verdict, "abort");
});

Deno.test("judgeStage() tests the failing rate alone if it is 30 % or more", () => {
  const rules = { ...DEFAULT_RULES, healthyRate: 0.2, failingRate: 0.4 };
  const { canary, bounds } = judgeStage({ canary: arm(0, { errors: 1 }), baseline: EMPTY_ARM }, rules);
  assertNear(canary.logRatio, Math.log(2), 1e-12);
  assertNear(bounds.lower, Math.log(0.05 / 0.96), 1e-12);
});

Deno.test("judgeStage() aborts at a third less throughput, and holds at a fifth less that may be chance", () => {
  const slow = judge(arm(100, {}, 660_000), arm(100));
  assertEquals(slow.verdict, "abort");
  assertEquals(slow.reason, "throughput is 0.66 of the baseline's, not above 0.80 (p < 0.001)");
  assertNear(slow.throughput!.ratio, 0.66, 0.001);
  // The rates of one arm differ by a factor of twenty.
  const spread = (least: number): ArmRecord => ({
    ...EMPTY_ARM,
    ok: 100,
    rates: Array.from({ length: 64 }, (_, index) => least * 20 ** (index / 64)),
  });
  const held = judge(spread(750_000), spread(1_000_000));
  assertEquals(held.verdict, "hold");
  assertEquals(
    held.reason,
    "inconclusive: throughput is 0.75 of the baseline's, not above 0.80, which may be chance (p = 0.060)",
  );
});

Deno.test("judgeStage() treats a faster canary as good", () => {
  assertEquals(judge(arm(80, {}, 3_000_000), arm(80)).verdict, "advance");
});

Deno.test("judgeStage() does not advance while the throughput is unknown", () => {
  const unmeasured: ArmRecord = { ...EMPTY_ARM, ok: 300 };
  assertEquals(judge(unmeasured, unmeasured).reason, "inconclusive: the throughput of 0/50 downloads is known");
});

Deno.test("addOutcome() keeps the last 64 rates and ignores those that are not positive numbers", () => {
  let record = EMPTY_ARM;
  for (let rate = 1; rate <= 100; rate++) record = addOutcome(record, { type: "ok", bytesPerSecond: rate });
  for (const bytesPerSecond of [null, 0, -1, NaN, Infinity, 0.2]) {
    record = addOutcome(record, { type: "ok", bytesPerSecond });
  }
  assertEquals([record.ok, record.rates.length, record.rates[0], record.rates.at(-1)], [106, 64, 37, 100]);
});
