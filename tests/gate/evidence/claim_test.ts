import { assertEquals } from "@std/assert";
import type { Evidence } from "../../../lib/base/mod.ts";
import { parseRequirement } from "../../../lib/gate/mod.ts";
import { judgeClaim } from "../../../lib/gate/judge/_judge_claim.ts";
import { readClaims } from "../../../lib/gate/evidence/claim.ts";

const read = (fields: Readonly<Record<string, unknown>>) =>
  readClaims(
    { claims: [{ id: "c", trials: 98, confidence: 0.95, verdict: "pass", ...fields }] } as unknown as Evidence,
  )[
    0
  ]!;

Deno.test.each(
  [
    // A leak must be surely above 0: its bound is the lower one, although "at most" is required.
    [-270034.78, -556084.24, "<=", null, "-270034.78, at least -556084.24, n = 98"],
    [12, 3, "<=", null, "12, at least 3, n = 98"],
    [0.001, 0.002, "<", null, "0.00, at most 0.00, n = 98"],
    [0.25, 0.5, "<", null, "0.25, at most 0.50, n = 98"],
    [0.5, 0.25, ">", null, "0.50, at least 0.25, n = 98"],
    [null, 3, "<", null, "at most 3, n = 98"],
    [null, 3, ">=", null, "at least 3, n = 98"],
    [0, 0, "<", null, "0, at most 0, n = 98"],
    [4, 3, "<", 5, "4, 3 to 5, n = 98"],
  ] as const,
)("readClaims() reads the direction of the bound: estimate %s, bound %s, required %s", (...row) => {
  const [estimate, bound, op, high, said] = row;
  const claim = read({ estimate, bound, requirement: { op, value: 0 }, ...high === null ? {} : { high } });
  assertEquals(judgeClaim(claim, { judge: "verdict", require: null }).measured, said);
});

Deno.test("readClaims() proves nothing by a lower bound if an upper one is required", () => {
  const claim = read({ estimate: 1.2, bound: 1.01, requirement: "< 1.05" });
  const judged = judgeClaim(claim, { judge: "interval", require: parseRequirement("< 1.05") });
  assertEquals([claim.low, claim.high, judged.verdict], [1.01, null, "not evaluated"]);
});
