import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { type Evidence, seededRandom } from "../../../lib/base/mod.ts";
import { hodgesLehmannRatio, ratioTests } from "../../../lib/stats/mod.ts";
import { ConfigError, parseGateConfig, parseRequirement, readClaims } from "../../../lib/gate/mod.ts";
import { judgeClaim } from "../../../lib/gate/judge/_judge_claim.ts";
import { judgeClaims } from "../../../lib/gate/judge/_judge_claims.ts";

const LIMIT = parseRequirement("< 1.05");

/** Samples that one test decides, and twelve such tests together do not: a p-value between 0.005 and 0.02. */
function borderline(isAbove: boolean): Readonly<Record<string, unknown>> {
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

function claimsOf(claims: readonly object[]) {
  const full = claims.map((claim, index) => ({
    id: `slowdown:${index}`,
    trials: 20,
    estimate: 1,
    low: 0.9,
    high: 1.2,
    confidence: 0.95,
    floor: 0.01,
    ...claim,
  }));
  return readClaims({ claims: full } as unknown as Evidence);
}

const judge = (...claims: readonly object[]) =>
  judgeClaims(claimsOf(claims), { judge: "ratios", require: LIMIT, minCount: 20 });

/** The samples of a claim, and the interval that belongs to them. */
function sampled(values: readonly number[], base: readonly number[]) {
  const { value: estimate, low, high } = hodgesLehmannRatio(values, base);
  return { values, base, estimate, low, high };
}

const same = sampled(even(1), even(1));
const slow = sampled(even(1.1), even(1));

Deno.test("judgeClaims() by ratios passes what is shown to be below the limit, and fails what is shown to be above", () => {
  const [good, bad] = judge(same, slow);
  assertEquals([good!.verdict, bad!.verdict], ["pass", "fail"]);
  assertMatch(good!.measured, /\(n = 20\), p < 0\.0001, adjusted for 2 benchmarks; equal code differs by 1 %$/);
  // A requirement from below is the mirror.
  const faster = judgeClaims(claimsOf([slow, same]), { judge: "ratios", require: parseRequirement("> 1.05") });
  assertEquals(faster.map(({ verdict }) => verdict), ["pass", "fail"]);
});

Deno.test.each([[true, "fail"], [false, "pass"]])(
  "judgeClaims() by ratios asks more of each claim, the more are tested together (above: %s)",
  (isAbove, alone) => {
    const one = borderline(isAbove);
    assertEquals(judge(one)[0]!.verdict, alone);
    const [first] = judge(one, ...Array.from({ length: 11 }, () => one));
    assertEquals(first!.verdict, "inconclusive");
    const [, runs] =
      /^the limit is not excluded: p must be below 0\.025; if it stays like this, about (\d+) runs of each side would decide$/
        .exec(first!.reason)!;
    assertEquals(Number(runs) > 20 && Number(runs) < 60, true, runs);
    assertMatch(first!.measured, /adjusted for 12 benchmarks/);
  },
);

Deno.test("judgeClaims() by ratios decides nothing where equal code differs as much as the limit allows", () => {
  for (const [floor, reason] of [[0.05, "equal code differs too much"], [null, "it is unknown how much"]] as const) {
    for (const claim of [same, slow]) {
      const [found] = judge({ ...claim, floor });
      assertEquals([found!.verdict, found!.reason.startsWith(reason)], ["inconclusive", true], found!.reason);
    }
  }
  assertEquals(judge({ ...same, floor: 0.049 })[0]!.verdict, "pass");
});

Deno.test("judgeClaims() by ratios compares exact numbers exactly, and accepts no ratio without its samples", () => {
  const exact = (ratio: number) => ({ estimate: ratio, low: ratio, high: ratio, confidence: 1 });
  assertEquals(judge(exact(1), { ...exact(1.01), failure: "the count grew" }).map(({ verdict }) => verdict), [
    "pass",
    "fail",
  ]);
  // Whatever the limit allows the others.
  assertEquals(judge(exact(1.01), exact(0.5)).map(({ verdict }) => verdict), ["fail", "pass"]);
  const [without] = judge({ low: 0.99, high: 1.01 });
  assertEquals([without!.verdict, without!.reason], ["not evaluated", '"slowdown:0" gives no samples']);
  for (const values of [[], [0], [-1], ["1"], [NaN], "1"]) {
    assertEquals(judge({ ...same, values })[0]!.verdict, "not evaluated");
  }
  // Fewer runs than were announced decide nothing, whatever they show.
  assertEquals(judge({ ...slow, trials: 19 })[0]!.verdict, "inconclusive");
});

Deno.test("judgeClaims() by ratios never says what the interval that it shows contradicts", () => {
  for (const claim of [same, slow]) {
    const [found] = judge({ ...claim, low: 1, high: 1.2 });
    assertEquals([found!.verdict, found!.reason.startsWith("the interval contains the limit")], ["inconclusive", true]);
  }
});

Deno.test("judgeClaim() by ratios needs the tests of the whole family", () => {
  const [claim] = claimsOf([same]);
  assertEquals(judgeClaim(claim!, { judge: "ratios", require: LIMIT }).verdict, "not evaluated");
});

Deno.test("parseGateConfig() refuses ratios that have to be equal", () => {
  const text = `version: 1
phases:
  - name: 1
    title: One
    conditions:
      - id: speed
        title: As fast as ever
        evidence: { schema: shop/speed }
        claims: ["slowdown:*"]
        judge: ratios
        require: "= 1"
`;
  assertThrows(() => parseGateConfig(text), ConfigError, "requires one exact ratio");
});
