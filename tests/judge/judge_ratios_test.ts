import { assertEquals, assertMatch } from "@std/assert";
import { seededRandom } from "../../lib/base/mod.ts";
import { describeMeasured, judgeClaims, type Measured, parseRequirement } from "../../lib/judge/mod.ts";
import { hodgesLehmannRatio, ratioTests } from "../../lib/stats/mod.ts";

const LIMIT = parseRequirement("< 1.05");

/** Samples that one test decides, and twelve such tests together do not: a p-value between 0.005 and 0.02. */
function borderline(isAbove: boolean): Sampled {
  const random = seededRandom(3);
  const draw = () => Array.from({ length: 20 }, () => 0.95 + 0.1 * random());
  const values = draw();
  const base = draw();
  for (let step = 0; step < 200; step++) {
    const scaled = values.map((value) => value * (isAbove ? 1 + step / 1000 : 1.1 - step / 1000));
    const p = ratioTests(scaled, base, 1.05)[isAbove ? "pAbove" : "pBelow"];
    if (p > 0.005 && p < 0.02) return sampled(scaled, base);
  }
  throw new Error("There is no such sample");
}

const even = (center: number) => Array.from({ length: 20 }, (_, index) => center * (1 + index * 0.0005));

function claimsOf(claims: readonly Partial<Measured>[]): readonly Measured[] {
  return claims.map((claim, index) => ({
    id: `slowdown:${index}`,
    kind: "ratio",
    unit: "",
    trials: 20,
    estimate: 1,
    low: 0.9,
    high: 1.2,
    confidence: 0.95,
    requirement: LIMIT,
    ...claim,
  }));
}

const judge = (...claims: readonly Partial<Measured>[]) => judgeClaims(claimsOf(claims), { minCount: 20 });

/** The samples of a claim, and the interval that belongs to them. */
function sampled(values: readonly number[], base: readonly number[], floor: number | null = 0.01) {
  const { value: estimate, low, high } = hodgesLehmannRatio(values, base);
  return { samples: { values, base, floor }, estimate, low, high };
}

type Sampled = ReturnType<typeof sampled>;

const same = sampled(even(1), even(1));
const slow = sampled(even(1.1), even(1));

Deno.test("judgeClaims() by ratios passes what is shown to be below the limit, and fails what is shown to be above", () => {
  const [good, bad] = judge(same, slow);
  assertEquals([good!.verdict, bad!.verdict], ["pass", "fail"]);
  assertMatch(
    describeMeasured(good!),
    /\(n = 20\), p < 0\.0001, adjusted for 2 benchmarks; equal code differs by 1 %$/,
  );
  // A requirement from below is the mirror.
  const faster = judgeClaims(claimsOf([slow, same]), { require: parseRequirement("> 1.05") });
  assertEquals(faster.map(({ verdict }) => verdict), ["pass", "fail"]);
});

Deno.test.each([[true, "fail"], [false, "pass"]])(
  "judgeClaims() by ratios asks more of each claim, the more are tested together (above: %s)",
  (isAbove, alone) => {
    const one = borderline(isAbove);
    assertEquals(judge(one)[0]!.verdict, alone);
    const [first] = judge(one, ...Array.from({ length: 11 }, () => one));
    assertEquals(first!.verdict, "inconclusive");
    assertEquals(first!.reason, "the limit is not excluded: p must be below 0.025");
    assertMatch(describeMeasured(first!), /adjusted for 12 benchmarks/);
  },
);

Deno.test("judgeClaims() by ratios decides nothing where equal code differs as much as the limit allows", () => {
  for (const [floor, reason] of [[0.05, "equal code differs too much"], [null, "it is unknown how much"]] as const) {
    for (const claim of [same, slow]) {
      const [found] = judge({ ...claim, samples: { ...claim.samples, floor } });
      assertEquals([found!.verdict, found!.reason.startsWith(reason)], ["inconclusive", true], found!.reason);
    }
  }
  assertEquals(judge({ ...same, samples: { ...same.samples, floor: 0.049 } })[0]!.verdict, "pass");
});

Deno.test("judgeClaims() by ratios decides what is beyond the limit by more than equal code differs", () => {
  const verdictOf = (times: number, floor: number) => judge(sampled(even(times), even(1), floor))[0]!.verdict;
  assertEquals([verdictOf(8, 0.3), verdictOf(0.5, 0.3)], ["fail", "pass"]);
  assertEquals([verdictOf(1.3, 0.3), verdictOf(0.9, 0.3)], ["inconclusive", "inconclusive"]);
});

Deno.test("judgeClaims() by ratios accepts none without its samples", () => {
  const [without] = judge({ low: 0.99, high: 1.01 });
  assertEquals([without!.verdict, without!.reason], ["not evaluated", '"slowdown:0" gives no samples']);
  // Fewer runs than were announced prove nothing, but refute.
  assertEquals(judge({ ...same, trials: 19 }, { ...slow, trials: 19 }).map(({ verdict }) => verdict), [
    "inconclusive",
    "fail",
  ]);
});

Deno.test("judgeClaims() by ratios never says what the interval that it shows contradicts", () => {
  for (const claim of [same, slow]) {
    const [found] = judge({ ...claim, low: 1, high: 1.2 });
    assertEquals([found!.verdict, found!.reason.startsWith("the interval contains the limit")], ["inconclusive", true]);
  }
});

Deno.test("judgeClaims() proves by no sample that two ratios are equal", () => {
  const [found] = judgeClaims(claimsOf([same]), { require: parseRequirement("= 1"), minCount: 20 });
  assertEquals(found!.verdict, "inconclusive");
});
