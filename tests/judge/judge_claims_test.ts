import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  type ClaimKind,
  describeMeasured,
  judgeClaim,
  type Measured,
  meets,
  parseRequirement,
} from "../../lib/judge/mod.ts";

function claim(kind: ClaimKind, fields: Partial<Measured>): Measured {
  return { id: "c", kind, unit: kind === "rate" ? "rate" : "", trials: NaN, requirement: null, ...fields };
}

const rate = (events: number, trials: number, require: string) =>
  judgeClaim(claim("rate", { events, trials, requirement: parseRequirement(require) }));

/** The same numbers, as each kind has them. */
const NUMBERS = { estimate: 0.5, events: 0, low: 0.4, high: 0.6, confidence: 0.95 };

// The counts at which a rate is proven at one-sided 95 %, and one trial fewer.
Deno.test.each(
  [
    [0, 299, "< 1%", "pass"],
    [0, 298, "< 1%", "inconclusive"],
    [1, 473, "< 1%", "pass"],
    [1, 472, "< 1%", "inconclusive"],
    [59, 59, "> 95%", "pass"],
    [58, 58, "> 95%", "inconclusive"],
    [0, 2995, "< 0.1%", "pass"],
    [0, 2994, "< 0.1%", "inconclusive"],
    [30, 1000, "< 1%", "fail"],
    [900, 1000, "> 95%", "fail"],
    [0, 0, "< 1%", "not evaluated"],
  ] as const,
)("judgeClaim() by rate: %d of %d %s is %s", (events, trials, require, verdict) => {
  assertEquals(rate(events, trials, require).verdict, verdict);
});

Deno.test("judgeClaim() computes the bounds of a rate, whatever bound and verdict were stated", () => {
  const boastful = claim("rate", { events: 0, trials: 10, high: 0.0001, verdict: "pass" });
  assertEquals(judgeClaim(boastful, { require: parseRequirement("< 1%") }).verdict, "inconclusive");
});

Deno.test.each(["rate", "interval", "amount", "stated"] as const)(
  "judgeClaim() of kind %s proves nothing with a reservation, but refutes",
  (kind) => {
    const reservation = "2 processes does not count";
    const good = claim(kind, { ...NUMBERS, trials: 45_000, verdict: "pass", reservation });
    const { verdict, reason } = judgeClaim(good, { require: parseRequirement("< 1") });
    assertEquals([verdict, reason], ["inconclusive", reservation]);
    const bad = claim(kind, { ...NUMBERS, events: 40_000, trials: 45_000, verdict: "fail", reservation });
    assertEquals(judgeClaim(bad, { require: parseRequirement("< 0.1") }).verdict, "fail");
  },
);

Deno.test("judgeClaim() shows rate, count and bound, and never rounds across the requirement or to a whole percentage", () => {
  const measured = (events: number, trials: number, require: string) => describeMeasured(rate(events, trials, require));
  assertEquals(measured(0, 298, "< 1%"), "0 % (0 of 298), at most 1.0002 % at 95 %");
  assertEquals(measured(87_555, 87_556, "> 99%"), "99.999 % (87555 of 87556), at least 99.99 % at 95 %");
  assertEquals(measured(0, 87_556, "< 1%"), "0 % (0 of 87556), at most 0.003 % at 95 %");
  assertEquals(Math.abs(rate(0, 298, "< 1%").high! - (1 - 0.05 ** (1 / 298))) < 1e-12, true);
  assertStringIncludes(measured(0, 299, "< 1%"), "at most 0.997 %");
});

Deno.test.each(
  [
    [1.21, 1.5, ">= 1.20", "pass"],
    [1.2, 1.5, ">= 1.20", "pass"],
    [1.19999, 1.5, ">= 1.20", "inconclusive"],
    [1.0, 1.1, ">= 1.20", "fail"],
    [null, 1.1, ">= 1.20", "not evaluated"],
    [0.9, 1.04, "< 1.05", "pass"],
    [0.9, 1.06, "< 1.05", "inconclusive"],
    [1.06, 1.2, "< 1.05", "fail"],
    [NaN, 1.2, ">= 1", "not evaluated"],
    [-Infinity, 1.2, ">= 1", "not evaluated"],
    [1.4, 1.3, ">= 1", "not evaluated"],
  ] as const,
)("judgeClaim() by interval: %d to %d %s is %s", (low, high, require, verdict) => {
  const numbers = { low, high, trials: 20, confidence: 0.95, requirement: parseRequirement(require) };
  assertEquals(judgeClaim(claim("interval", numbers)).verdict, verdict);
});

Deno.test.each(
  [
    [0, 500, "pass"],
    [1, 500, "fail"],
    [0, 0, "not evaluated"],
    [1, 0, "fail"],
    [0, 50, "inconclusive"],
    [1, 50, "fail"],
    [null, 500, "not evaluated"],
    [NaN, 500, "not evaluated"],
  ] as const,
)("judgeClaim() by amount: %d in %d is %s", (estimate, trials, verdict) => {
  const options = { require: parseRequirement("= 0"), minCount: 100 };
  assertEquals(judgeClaim(claim("amount", { estimate, trials }), options).verdict, verdict);
});

Deno.test("judgeClaim() by few trials proves nothing, but refutes", () => {
  const verdictOf = (kind: ClaimKind, require: string, numbers: Partial<Measured>) =>
    judgeClaim(claim(kind, { trials: 200, ...numbers }), { require: parseRequirement(require), minCount: 300 }).verdict;
  assertEquals(verdictOf("rate", "< 1%", { events: 50 }), "fail");
  assertEquals(verdictOf("rate", "> 95%", { events: 150 }), "fail");
  assertEquals(verdictOf("rate", "< 5%", { events: 0 }), "inconclusive");
  assertEquals(verdictOf("amount", "< 3", { estimate: 3 }), "fail");
  assertEquals(verdictOf("amount", "< 3", { estimate: 2 }), "inconclusive");
  assertEquals(verdictOf("interval", "< 1", { low: 2, high: 3, confidence: 0.95 }), "fail");
  assertEquals(verdictOf("interval", "< 4", { low: 2, high: 3, confidence: 0.95 }), "inconclusive");
});

Deno.test("describeMeasured() shows the ends of a narrow interval apart", () => {
  const measuredOf = (estimate: number, low: number, high: number) => {
    const numbers = { unit: "ratio", estimate, low, high, trials: 80, confidence: 0.95, counted: "runs" };
    return describeMeasured(judgeClaim(claim("interval", { ...numbers, requirement: parseRequirement("< 1.05") })));
  };
  assertEquals(measuredOf(1.0012, 0.9985, 1.0031), "1.001, 0.999 to 1.003 times at 95 % (80 runs)");
  assertEquals(measuredOf(1.00002, 1.00001, 1.00003), "1.00002, 1.00001 to 1.00003 times at 95 % (80 runs)");
  assertEquals(measuredOf(1, 1, 1), "1 times (80 runs)");
  assertEquals(measuredOf(1.5, 1.4, 1.6), "1.50, 1.40 to 1.60 times at 95 % (80 runs)");
});

Deno.test.each([-3, 0.5, NaN])("judgeClaim() refuses a rate of %d trials", (trials) => {
  assertEquals(rate(0, trials, "< 1%").verdict, "not evaluated");
});

Deno.test("judgeClaim() refuses a rate with more events than trials", () => {
  assertEquals(rate(11, 10, "> 99%").verdict, "not evaluated");
});

Deno.test.each(["interval", "rate", "amount", "stated", "growth", "ratio"] as const)(
  "judgeClaim() of kind %s fails a failed claim, whatever its numbers",
  (kind) => {
    const failure = "the count grew: 100 became 102";
    const found = judgeClaim(claim(kind, { ...NUMBERS, trials: 1000, verdict: "pass", failure }));
    assertEquals([found.verdict, found.reason], ["fail", failure]);
    assertEquals(judgeClaim(claim(kind, { trials: 0, failure })).verdict, "fail");
  },
);

Deno.test.each([null, 0.9, NaN])("judgeClaim() by interval is inconclusive at a confidence of %d", (confidence) => {
  for (const [low, high] of [[0.9, 1], [1.1, 1.2]] as const) {
    const requirement = parseRequirement("< 1.05");
    const { verdict, reason } = judgeClaim(claim("interval", { low, high, trials: 20, confidence, requirement }));
    assertEquals(verdict, "inconclusive");
    assertStringIncludes(reason, confidence === null ? "it gives no confidence for its interval" : "95 % is required");
  }
});

Deno.test("judgeClaim() takes over what somebody stated, but passes nothing without its number of trials", () => {
  const stated = (fields: Partial<Measured>) => judgeClaim(claim("stated", fields), { minCount: 20 });
  const { verdict, reason } = stated({ verdict: "pass" });
  assertEquals([verdict, reason], ["not evaluated", '"c" does not give its number of trials']);
  assertEquals(stated({ verdict: "pass", trials: 19 }).reason, "it has 19 trials, at least 20 are required");
  assertEquals(stated({ verdict: "pass", trials: 20 }).verdict, "pass");
  assertEquals(stated({ verdict: "fail" }).verdict, "fail");
  assertEquals(stated({ trials: 20 }).verdict, "not evaluated");
});

Deno.test.each(
  [
    [0, 200, "too few trials for a verdict"],
    [1, 200, "too few trials for a verdict"],
    [2, 150, "too few trials for a verdict, and the rate itself does not meet the requirement"],
  ] as const,
)("judgeClaim() leaves open what the bounds of a rate do not decide: %d of %d", (events, trials, reason) => {
  const { verdict, reason: found } = rate(events, trials, "< 1%");
  assertEquals([verdict, found], ["inconclusive", reason]);
});

Deno.test("describeMeasured() gives numbers their unit, and says what the trials are", () => {
  const shown = (kind: ClaimKind, unit: string, fields: Partial<Measured>) =>
    describeMeasured(judgeClaim(claim(kind, { trials: 40, unit, ...fields })));
  const series = { estimate: 1_258_291, low: -3, high: 3e6, confidence: 0.95 };
  assertEquals(
    shown("growth", "bytes per day", series),
    "1.2 MiB per day, −3 B per day to 2.9 MiB per day at 95 % (n = 40)",
  );
  assertEquals(shown("amount", "bytes", { estimate: 123_456_789, trials: 1 }), "117.7 MiB");
  assertEquals(shown("amount", "ratio", { estimate: 1.02, trials: 24e9, counted: "bytes" }), "1.02 times in 22.35 GiB");
  assertEquals(shown("stated", "ms", { estimate: 7_260_000, trials: 1 }), "2h 1m");
  assertEquals(
    shown("interval", "MB/s", { estimate: 89.5, low: 80, high: 95, confidence: 0.9785 }),
    "89.50, 80 to 95 MB/s at 97.9 % (n = 40)",
  );
  assertEquals(shown("amount", "", { estimate: 3 }), "3 in 40 trials");
  assertEquals(shown("amount", "", { estimate: 0, counted: "files" }), "0 in 40 files");
  assertEquals(shown("amount", "", { trials: 0 }), "");
});

Deno.test("judgeClaim() never shows a number that contradicts its verdict", () => {
  for (const text of ["< 1%", "> 95%", "< 0.1%", ">= 2.5%", "<= 40%"]) {
    const require = parseRequirement(text);
    for (const trials of [1, 7, 59, 299, 473, 3000, 91_651]) {
      for (const share of [0, 0.0005, 0.009, 0.0101, 0.3, 0.949, 0.951, 0.999, 1]) {
        const found = rate(Math.round(trials * share), trials, text);
        const measured = describeMeasured(found);
        const [, bound] = /at (?:most|least) ([\d.]+) %/.exec(measured)!;
        // The bound that is shown meets the requirement exactly if the claim passes.
        assertEquals(meets(require, Number(bound) / 100), found.verdict === "pass", `${text}: ${measured}`);
      }
    }
  }
});

Deno.test("judgeClaim() needs exactly as many trials for a rate as the exact bound", () => {
  for (const [events, enough] of [[0, 299], [1, 473], [2, 628], [3, 773], [5, 1049], [10, 1693]] as const) {
    assertEquals(rate(events, enough - 1, "< 1%").verdict, "inconclusive", `${events}`);
    assertEquals(rate(events, enough, "< 1%").verdict, "pass", `${events}`);
  }
  for (const [missed, enough] of [[0, 59], [1, 93], [2, 124], [3, 153]] as const) {
    assertEquals(rate(enough - 1 - missed, enough - 1, "> 95%").verdict, "inconclusive");
    assertEquals(rate(enough - missed, enough, "> 95%").verdict, "pass");
  }
});
