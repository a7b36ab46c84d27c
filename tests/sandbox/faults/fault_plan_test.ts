import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { type FaultPlan, NO_FAULTS, planFaults } from "../../../lib/sandbox/faults/fault_plan.ts";
import type { ToxicRoute, ToxicRule } from "../../../lib/sandbox/mod.ts";
import { TOXIC_ROUTES } from "../../../lib/sandbox/faults/toxic_rule.ts";

function plan(rules: readonly ToxicRule[], count = 0, route: ToxicRoute = "storage", item = 5): FaultPlan {
  return planFaults(rules, { seed: 1, route, item, count });
}

function hits(rule: ToxicRule, items = 1000, count = 0): number {
  return Array.from({ length: items }, (_, item) => plan([rule], count, "storage", item).names.length)
    .reduce((sum, hit) => sum + hit, 0);
}

Deno.test("planFaults() plans nothing without rules", () => assertEquals(plan([]), NO_FAULTS));

Deno.test("planFaults() hits about the configured rate of requests, none at 0 and all at 1", () => {
  assertEquals([hits({ type: "reset", rate: 0 }), hits({ type: "reset", rate: 1 }), hits({ type: "reset" })], [
    0,
    1000,
    1000,
  ]);
  const some = hits({ type: "reset", rate: 0.1 });
  assert(some > 60 && some < 140, `${some}`);
});

Deno.test("planFaults() decides the same for the same request, and anew for the next", () => {
  const rule: ToxicRule = { type: "reset", rate: 0.5 };
  const decide = (): string => Array.from({ length: 50 }, (_, count) => plan([rule], count).names.length).join("");
  assertEquals(decide(), decide());
  assert(decide().includes("1") && decide().includes("0"));
  assertNotEquals(
    decide(),
    Array.from({ length: 50 }, (_, count) => plan([{ ...rule, seed: 2 }], count).names.length).join(""),
  );
});

Deno.test("planFaults() spares requests after the first ones", () => {
  const rule: ToxicRule = { type: "reset", first: 2 };
  assertEquals([0, 1, 2, 3].map((count) => plan([rule], count).names.length), [1, 1, 0, 0]);
});

Deno.test("planFaults() extends a hit to a burst", () => {
  const rule: ToxicRule = { type: "serverError", rate: 0.05 };
  const single = Array.from({ length: 400 }, (_, count) => plan([rule], count).names.length);
  const burst = Array.from({ length: 400 }, (_, count) => plan([{ ...rule, burst: 3 }], count).names.length);
  const expected = single.map((_, count) => Math.max(single[count]!, single[count - 1] ?? 0, single[count - 2] ?? 0));
  assertEquals(burst, expected);
  assert(single.includes(1));
});

Deno.test("planFaults() respects the routes of a rule", () => {
  assertEquals(plan([{ type: "reset" }], 0, "api").names, []);
  assertEquals(plan([{ type: "reset", on: ["api"] }], 0, "api").names, ["reset"]);
  for (const [type, routes] of Object.entries(TOXIC_ROUTES)) {
    const rule = { type, ms: 1, bytesPerSecond: 1 } as ToxicRule;
    for (const route of ["api", "download", "storage", "image"] as const) {
      assertEquals(plan([rule], 0, route).names, routes.includes(route) ? [type] : []);
    }
  }
});

Deno.test("planFaults() sums delays and uses the lowest bandwidth", () => {
  const rules: ToxicRule[] = [
    { type: "latency", ms: 80 },
    { type: "latency", ms: 20 },
    { type: "bandwidth", bytesPerSecond: 1000 },
    { type: "bandwidth", bytesPerSecond: 500 },
  ];
  assertEquals([plan(rules).delayMs, plan(rules).bytesPerSecond], [100, 500]);
  const jitter = plan([{ type: "jitter", ms: 100 }]).delayMs;
  assert(jitter > 0 && jitter < 100);
});

Deno.test("planFaults() applies the first rule of each kind", () => {
  const cut = plan([{ type: "stall", atByte: 5 }, { type: "reset", atByte: 9 }]).cut;
  assertEquals(cut, { how: "stall", at: 5 });
  const { sip } = plan([{ type: "slowBody", ms: 3 }, { type: "slowBody", ms: 9, chunkBytes: 5 }]);
  assertEquals(sip, { ms: 3, chunkBytes: 16_384 });
  const response = plan([{ type: "throttle", retryAfterSeconds: 3 }, { type: "serverError" }], 0, "api").response;
  assertEquals(response, { type: "throttle", retryAfterSeconds: 3, form: "seconds" });
});
