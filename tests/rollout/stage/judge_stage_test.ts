import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import {
  addSpeed,
  type ArmRecord,
  DEFAULT_RULES,
  EMPTY_ARM,
  EMPTY_ARMS,
  EMPTY_SPEED,
  type Judgement,
  judgeStage,
  type SpeedRecord,
} from "../../../lib/rollout/mod.ts";
import { findAbortReason } from "../../../lib/rollout/stage/judge_stage.ts";
import { assertNear } from "../../helpers/assert_near.ts";

/** An arm with this many good downloads. */
function arm(ok: number, change: Partial<ArmRecord> = {}): ArmRecord {
  return { ...EMPTY_ARM, ...change, ok };
}

/** So many comparisons of the speed, all with this result. */
function speed(comparisons: number, ratio: number, before: SpeedRecord = EMPTY_SPEED): SpeedRecord {
  let record = before;
  for (let index = 0; index < comparisons; index++) record = addSpeed(record, ratio, DEFAULT_RULES.maxDrop);
  return record;
}

function judge(canary: ArmRecord, baseline: ArmRecord, compared: SpeedRecord = EMPTY_SPEED): Judgement {
  return judgeStage({ canary, baseline, speed: compared }, DEFAULT_RULES);
}

Deno.test("judgeStage() without downloads holds: inconclusive: 0/50 samples", () => {
  const { verdict, reason, canary } = judge(EMPTY_ARM, EMPTY_ARM);
  assertEquals([verdict, reason], ["hold", "inconclusive: 0/50 samples (canary 0, baseline 0)"]);
  assertEquals([canary.n, canary.logRatio], [0, 0]);
});

Deno.test("judgeStage() advances a healthy canary after 72 clean downloads, not before", () => {
  assertEquals(judge(arm(71), arm(71)).verdict, "hold");
  const { verdict, reason, criteria } = judge(arm(72), arm(72));
  assertEquals(criteria.map(({ verdict }) => verdict), ["pass", "pass", "pass", "pass"]);
  assertEquals([verdict, reason], [
    "advance",
    "0 of 72 canary downloads failed: as few as of a healthy engine; the speed was not compared",
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
  assertEquals(reason, "3 of 8 canary downloads failed: too many for a healthy engine");
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
      "a host that fails both says nothing about the engine",
  );
  assertEquals(
    judge(arm(40, { errors: 40 }), arm(60, { errors: 8 })).reason,
    "40 of 80 canary downloads failed: too many for a healthy engine, and clearly more than 8 of 68 of the baseline",
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
  const { canary, bounds } = judgeStage({ ...EMPTY_ARMS, canary: arm(0, { errors: 1 }) }, rules);
  assertNear(canary.logRatio, Math.log(2), 1e-12);
  assertNear(bounds.lower, Math.log(0.05 / 0.96), 1e-12);
});

Deno.test("judgeStage() aborts a canary that is slower in nearly all comparisons, and not one that is seldom", () => {
  const verdictOf = (count: number, ratio: number) => judge(arm(20), arm(20), speed(count, ratio)).verdict;
  assertEquals([verdictOf(9, 0.66), verdictOf(10, 0.66)], ["hold", "abort"]);
  const { verdict, reason } = judge(arm(100), arm(100), speed(20, 0.66, speed(4, 1)));
  assertEquals([verdict, reason], [
    "abort",
    "the canary was slower by more than 25 % in 20 of 24 comparisons: too often for chance",
  ]);
  // A canary as fast as the baseline seems slower now and then.
  const seldom = judge(arm(100), arm(100), speed(10, 0.66, speed(30, 1)));
  assertEquals([seldom.verdict, seldom.reason], [
    "advance",
    "0 of 100 canary downloads failed: as few as of a healthy engine; " +
    "the canary was slower by more than 25 % in 10 of 40 comparisons",
  ]);
});

Deno.test("judgeStage() holds while it may be chance that the canary seems slower", () => {
  const { verdict, reason } = judge(arm(100), arm(100), speed(6, 0.66, speed(4, 1)));
  assertEquals([verdict, reason], [
    "hold",
    "inconclusive: the canary was slower by more than 25 % in 6 of 10 comparisons: it may be chance",
  ]);
});

Deno.test("judgeStage() treats a faster canary as good", () => {
  const { verdict, speed: figures } = judge(arm(80), arm(80), speed(10, 3));
  assertEquals([verdict, figures.ratio, figures.slow], ["advance", 3, 0]);
});

Deno.test("judgeStage() does not wait for the speed if the files are too small to compare it", () => {
  assertEquals(judge(arm(300), arm(300)).verdict, "advance");
  const few = judge(arm(300), arm(300), speed(3, 0.5));
  assertEquals([few.verdict, few.criteria.at(-1)!.reason], [
    "advance",
    "the canary was slower by more than 25 % in 3 of 3 comparisons: too few to judge the speed",
  ]);
});

Deno.test("judgeStage() decides for an abort exactly if findAbortReason() does", () => {
  const random = seededRandom(1);
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  let aborts = 0;
  for (let trial = 0; trial < 2000; trial++) {
    const drawArm = (): ArmRecord => ({
      ok: upTo(90),
      errors: upTo(4),
      timeouts: upTo(1),
      integrity: upTo(20) === 0 ? 1 : 0,
    });
    const comparisons = upTo(40);
    const arms = {
      canary: drawArm(),
      baseline: drawArm(),
      speed: { comparisons, slow: upTo(comparisons), ratios: [1] },
    };
    const { verdict, reason } = judgeStage(arms, DEFAULT_RULES);
    assertEquals(verdict === "abort" ? reason : null, findAbortReason(arms, DEFAULT_RULES));
    if (verdict === "abort") aborts++;
  }
  assert(aborts > 200 && aborts < 1800, `${aborts} aborts`);
});

Deno.test("addSpeed() keeps the last 64 results, counts all of them, and refuses what is no ratio", () => {
  let record = EMPTY_SPEED;
  for (let ratio = 1; ratio <= 100; ratio++) record = addSpeed(record, ratio / 100, 0.2);
  assertEquals([record.comparisons, record.slow], [100, 79]);
  assertEquals([record.ratios.length, record.ratios[0], record.ratios.at(-1)], [64, 0.37, 1]);
  for (const ratio of [0, -1, NaN, Infinity]) assertThrows(() => addSpeed(EMPTY_SPEED, ratio, 0.2), RangeError);
});
