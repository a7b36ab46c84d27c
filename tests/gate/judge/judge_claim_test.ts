import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Claim, parseRequirement } from "../../../lib/gate/mod.ts";
import { meets } from "../../../lib/gate/config/requirement.ts";
import { judgeClaim } from "../../../lib/gate/judge/_judge_claim.ts";

function claim(fields: Partial<Claim>): Claim {
  return {
    id: "c",
    unit: "",
    estimate: null,
    events: null,
    trials: null,
    counted: "",
    requirement: null,
    decides: "",
    low: null,
    high: null,
    confidence: null,
    samples: null,
    note: "",
    failure: null,
    verdict: null,
    ...fields,
  };
}

const rate = (events: number, trials: number, require: string) =>
  judgeClaim(claim({ events, trials }), { judge: "rate", require: parseRequirement(require) });

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

Deno.test("judgeClaim() recomputes bound and verdict instead of reading them from the report", () => {
  const boastful = claim({ events: 0, trials: 10, high: 0.0001, verdict: "pass" });
  assertEquals(judgeClaim(boastful, { judge: "rate", require: parseRequirement("< 1%") }).verdict, "inconclusive");
  const empty = claim({ verdict: "pass", trials: 0 });
  assertEquals(judgeClaim(empty, { judge: "verdict", require: null }).verdict, "inconclusive");
});

Deno.test.each(
  [
    ["rate", "< 1%"],
    ["count", "= 0"],
    ["interval", "< 1.05"],
  ] as const,
)("judgeClaim() by %s makes no claim better than its report says", (judge, require) => {
  const numbers = { events: 0, trials: 45_000, low: 0.9, high: 1, confidence: 0.95 };
  const verdicts = (["pass", "inconclusive", "fail", null] as const).map((verdict) =>
    judgeClaim(claim({ ...numbers, verdict }), { judge, require: parseRequirement(require) }).verdict
  );
  assertEquals(verdicts, ["pass", "inconclusive", "fail", "pass"]);
  const open = claim({ ...numbers, verdict: "inconclusive", note: "2 processes does not count" });
  const { reason } = judgeClaim(open, { judge, require: parseRequirement(require) });
  assertEquals(reason, "the report's own verdict is inconclusive: 2 processes does not count");
});

Deno.test("judgeClaim() shows rate, count and bound, and never rounds across the requirement or to a whole percentage", () => {
  const { measured, bound } = rate(0, 298, "< 1%");
  assertEquals(measured, "0 % (0 of 298), at most 1.0002 % at 95 %");
  assertEquals(
    rate(87_555, 87_556, "> 99%").measured,
    "99.999 % (87555 of 87556), at least 99.99 % at 95 %",
  );
  assertEquals(rate(0, 87_556, "< 1%").measured, "0 % (0 of 87556), at most 0.003 % at 95 %");
  assertEquals(Math.abs(bound! - (1 - 0.05 ** (1 / 298))) < 1e-12, true);
  assertStringIncludes(rate(0, 299, "< 1%").measured, "at most 0.997 %");
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
  const numbers = { low, high, trials: 20, confidence: 0.95 };
  const found = judgeClaim(claim(numbers), { judge: "interval", require: parseRequirement(require) });
  assertEquals(found.verdict, verdict);
});

Deno.test.each(
  [
    [0, 500, "pass"],
    [1, 500, "fail"],
    [0, 0, "not evaluated"],
    [0, 50, "inconclusive"],
    [1, 50, "fail"],
    [-1, 500, "not evaluated"],
    [0.5, 500, "not evaluated"],
    [NaN, 500, "not evaluated"],
  ] as const,
)("judgeClaim() by count: %d in %d is %s", (events, trials, verdict) => {
  const options = { judge: "count", require: parseRequirement("= 0"), minCount: 100 } as const;
  assertEquals(judgeClaim(claim({ events, trials }), options).verdict, verdict);
});

Deno.test("judgeClaim() by few trials passes nothing, but fails a rate that they refute and a count that only grows", () => {
  const verdictOf = (judge: "rate" | "count" | "interval", require: string, numbers: Partial<Claim>) =>
    judgeClaim(claim(numbers), { judge, require: parseRequirement(require), minCount: 300 }).verdict;
  assertEquals(verdictOf("rate", "< 1%", { events: 50, trials: 200 }), "fail");
  assertEquals(verdictOf("rate", "> 95%", { events: 150, trials: 200 }), "fail");
  assertEquals(verdictOf("rate", "< 5%", { events: 0, trials: 200 }), "inconclusive");
  assertEquals(verdictOf("count", "< 3", { events: 3, trials: 200 }), "fail");
  assertEquals(verdictOf("count", ">= 3", { events: 2, trials: 200 }), "inconclusive");
  assertEquals(verdictOf("count", "= 3", { events: 2, trials: 200 }), "inconclusive");
  // The number of runs is fixed beforehand.
  assertEquals(verdictOf("interval", "< 1", { low: 2, high: 3, trials: 200, confidence: 0.95 }), "inconclusive");
});

Deno.test("judgeClaim() shows the ends of a narrow interval apart", () => {
  const measuredOf = (judge: "interval" | "verdict", estimate: number, low: number, high: number) => {
    const numbers = { unit: "ratio", estimate, low, high, trials: 80, confidence: 0.95 };
    return judgeClaim(claim(numbers), { judge, require: parseRequirement("< 1.05"), counted: "runs" }).measured;
  };
  assertEquals(measuredOf("interval", 1.0012, 0.9985, 1.0031), "1.001, 0.999 to 1.003 times (80 runs)");
  assertEquals(measuredOf("interval", 1.00002, 1.00001, 1.00003), "1.00002, 1.00001 to 1.00003 times (80 runs)");
  assertEquals(measuredOf("interval", 1, 1, 1), "1 times (80 runs)");
  assertEquals(measuredOf("interval", 1.5, 1.4, 1.6), "1.50, 1.40 to 1.60 times (80 runs)");
  assertEquals(measuredOf("verdict", 1.0012, 0.9985, 1.0031), "1.001 times, 0.999 times to 1.003 times, in 80 runs");
});

Deno.test.each([null, -3, 0.5, NaN])("judgeClaim() refuses a rate of %d trials", (trials) => {
  const found = judgeClaim(claim({ events: 0, trials }), { judge: "rate", require: parseRequirement("< 1%") });
  assertEquals(found.verdict, "not evaluated");
});

Deno.test("judgeClaim() refuses a rate with more events than trials", () => {
  assertEquals(rate(11, 10, "> 99%").verdict, "not evaluated");
});

Deno.test("judgeClaim() by taken requires a measurement, whatever its result", () => {
  const options = { judge: "taken", require: null, minCount: 10 } as const;
  assertEquals(judgeClaim(claim({ estimate: 1.1, trials: 10, verdict: "fail" }), options).verdict, "pass");
  for (
    const [numbers, reason] of [
      [{ estimate: 1.1, trials: 9 }, "it has 9 trials, at least 10 are required"],
      [{ estimate: 1.1, trials: 1 }, "it has 1 trial, at least 10 are required"],
      [{ estimate: 1.1 }, "it does not give its number of trials, at least 10 are required"],
      [{ trials: 10 }, "it has no estimate"],
    ] as const
  ) {
    const found = judgeClaim(claim({ ...numbers, verdict: "pass" }), options);
    assertEquals([found.verdict, found.reason], ["inconclusive", `"c": ${reason}`]);
  }
});

Deno.test("judgeClaim() passes on the report's note about a claim that does not pass", () => {
  const options = { judge: "count", require: parseRequirement("= 0") } as const;
  assertEquals(
    judgeClaim(claim({ events: 1, trials: 9, note: "client 8, server 9" }), options).reason,
    "client 8, server 9",
  );
  assertEquals(judgeClaim(claim({ events: 0, trials: 9, note: "client 9, server 9" }), options).reason, "");
});

Deno.test.each(["interval", "rate", "count", "verdict", "run"] as const)(
  "judgeClaim() by %s fails a failed claim, whatever its numbers",
  (judge) => {
    const failure = "the count grew: 100 became 102";
    const numbers = { estimate: 1.02, low: 1.02, high: 1.02, confidence: 1, events: 0, trials: 1000 };
    const found = judgeClaim(claim({ ...numbers, verdict: "pass", failure }), {
      judge,
      require: parseRequirement("< 1.05"),
    });
    assertEquals([found.verdict, found.reason], ["fail", failure]);
    assertEquals(judgeClaim(claim({ trials: 0, failure }), { judge, require: null }).verdict, "fail");
  },
);

Deno.test.each([null, 0.9, NaN])(
  "judgeClaim() by interval is inconclusive at a confidence of %d",
  (confidence) => {
    for (const [low, high] of [[0.9, 1], [1.1, 1.2]] as const) {
      const options = { judge: "interval", require: parseRequirement("< 1.05") } as const;
      const { verdict, reason } = judgeClaim(claim({ low, high, trials: 20, confidence }), options);
      assertEquals(verdict, "inconclusive");
      assertStringIncludes(
        reason,
        confidence === null ? "it gives no confidence for its interval" : "95 % is required",
      );
    }
  },
);

Deno.test.each(["verdict", "run"] as const)(
  "judgeClaim() by %s does not pass a claim without its basis",
  (judge) => {
    const boastful = claim({ verdict: "pass" });
    const { verdict, reason } = judgeClaim(boastful, { judge, require: null, minCount: 20 });
    assertEquals([verdict, reason], [
      "inconclusive",
      "it does not give its number of trials, at least 20 are required",
    ]);
    assertEquals(judgeClaim(claim({ verdict: "pass", trials: NaN }), { judge, require: null }).verdict, "inconclusive");
    assertEquals(judgeClaim(claim({ verdict: "fail" }), { judge, require: null, minCount: 20 }).verdict, "fail");
  },
);

Deno.test("judgeClaim() by taken requires a valid number of trials", () => {
  const found = judgeClaim(claim({ estimate: 1, trials: NaN }), { judge: "taken", require: null });
  assertEquals(found.verdict, "inconclusive");
});

Deno.test.each(
  [
    [0, 200, "< 1%", /a run about 1\.6 times as long would pass \(3\d\d trials\)$/],
    [1, 200, "< 1%", /a run about \d\.\d times as long would pass/],
    [
      2,
      150,
      "< 1%",
      /, and the rate itself does not meet the requirement; at this rate, a run about \d+\.\d times as long would fail \(\d+ trials\)$/,
    ],
    [999_999, 100_000_000, "< 1%", /not even a run 1000 times as long would pass$/],
  ] as const,
)("judgeClaim() says how long a run must be: %d of %d %s", (events, trials, require, reason) => {
  const { verdict, reason: found } = rate(events, trials, require);
  assertEquals([verdict, reason.test(found)], ["inconclusive", true], found);
});

Deno.test.each(
  [
    [
      1.02,
      0.98,
      1.06,
      /^the interval contains the limit; if it stays like this, about 36 runs of each side would decide$/,
    ],
    [1.06, 1.04, 1.1, /about 8\d runs of each side would decide$/],
    [1.0499, 0.9, 1.2, /not even 1000 times as many runs would decide$/],
    [1.05, 0.9, 1.2, /^the interval contains the limit$/],
  ] as const,
)("judgeClaim() says how many runs decide: %d, %d to %d", (estimate, low, high, reason) => {
  const options = { judge: "interval", require: parseRequirement("< 1.05") } as const;
  const found = judgeClaim(claim({ estimate, low, high, trials: 20, confidence: 0.95, unit: "ratio" }), options);
  assertEquals([found.verdict, reason.test(found.reason)], ["inconclusive", true], found.reason);
  assertStringIncludes(found.measured, ` to ${high.toFixed(2)} times (n = 20)`);
});

Deno.test("judgeClaim() gives the unit of what a report measured", () => {
  const judge = (unit: string, estimate: number, low: number | null = null) =>
    judgeClaim(claim({ estimate, low, trials: 40, unit, verdict: "pass" }), { judge: "verdict", require: null })
      .measured;
  assertEquals(judge("bytes per hour", 1_258_291, -3), "1.2 MiB per hour, at least −3 B per hour, n = 40");
  assertEquals(judge("bytes", 123_456_789), "117.7 MiB, n = 40");
  assertEquals(judge("rate", 2 / 943, 0.000_257), "0.212 %, at least 0.026 %, n = 40");
  assertEquals(judge("rate", 0.999_996), "99.9996 %, n = 40");
  assertEquals(judge("ratio", 1.02), "1.02 times, n = 40");
  assertEquals(judge("ms", 7_260_000), "2h 1m, n = 40");
  assertEquals(judge("handles", 12.5, 3), "12.50 handles, at least 3 handles, n = 40");
  assertEquals(judge("", 3), "3, n = 40");
});

Deno.test("judgeClaim() says what the trials are, as the claim or the condition names them", () => {
  const options = { judge: "verdict", require: null, counted: "runs", minCount: 10 } as const;
  const measured = (fields: Partial<Claim>) =>
    judgeClaim(claim({ estimate: 1, unit: "ratio", trials: 24e9, verdict: "pass", ...fields }), options).measured;
  assertEquals(measured({ trials: 10 }), "1 times, in 10 runs");
  assertEquals(measured({ trials: 100_000, counted: "files" }), "1 times, in 100000 files");
  assertEquals(measured({ counted: "bytes" }), "1 times, in 22.35 GiB");
  const count = { judge: "count", require: parseRequirement("= 0"), counted: "files", minCount: 10_000 } as const;
  assertEquals(judgeClaim(claim({ events: 0, trials: 200_000 }), count).measured, "0 in 200000 files");
  const few = judgeClaim(claim({ events: 0, trials: 200 }), count);
  assertEquals(few.reason, "it has 200 files, at least 10000 files are required");
});

Deno.test("judgeClaim() never shows a number that contradicts its verdict", () => {
  for (const text of ["< 1%", "> 95%", "< 0.1%", ">= 2.5%", "<= 40%"]) {
    const require = parseRequirement(text);
    for (const trials of [1, 7, 59, 299, 473, 3000, 91_651]) {
      for (const share of [0, 0.0005, 0.009, 0.0101, 0.3, 0.949, 0.951, 0.999, 1]) {
        const { verdict, measured } = rate(Math.round(trials * share), trials, text);
        const [, bound] = /at (?:most|least) ([\d.]+) %/.exec(measured)!;
        // The bound that is shown meets the requirement exactly if the claim passes.
        assertEquals(meets(require, Number(bound) / 100), verdict === "pass", `${text}: ${verdict}, ${measured}`);
      }
    }
  }
});
