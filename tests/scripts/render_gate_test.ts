import { assertEquals } from "@std/assert";
import type { GateReport, GateRow } from "../../lib/gate/mod.ts";
import { renderGate } from "../../scripts/_gate/render_gate.ts";

const ROW: GateRow = {
  id: "day",
  title: "A day",
  phase: "1",
  verdict: "fail",
  required: "1d",
  measured: "",
  count: null,
  estimate: null,
  bound: null,
  evidence: null,
  others: [],
  passedOver: [],
  seconds: 0,
  reason: "it was made at commit aaaaaaaaa, and these sources have changed since: lib/base/one.ts, lib/base/two.ts",
  problems: [],
  command: `deno task stability --duration 24h --output reports/stability-of-a-day.json --seed 1 --quiet`,
};
const REPORT: GateReport = {
  phase: "1",
  title: "One",
  verdict: "fail",
  phaseVerdict: "fail",
  isPartial: false,
  isStopped: false,
  leftOut: [],
  notes: [],
  commit: "",
  isDirty: null,
  startedAt: "",
  at: "",
  rows: [ROW],
};

Deno.test("renderGate() wraps a long reason at spaces, and keeps a command whole", () => {
  const block = renderGate(REPORT, { width: 60, color: false }).split("\n").slice(3, 8);
  assertEquals(block, [
    "day – A day: fail; it was made at commit aaaaaaaaa, and",
    "  these sources have changed since: lib/base/one.ts,",
    "  lib/base/two.ts",
    `  to reproduce: ${ROW.command}`,
    "",
  ]);
});

Deno.test("renderGate() keeps the lines of a reason", () => {
  const rows = [{ ...ROW, reason: "one\n  two" }];
  const [, second] = renderGate({ ...REPORT, rows }, { width: 60, color: false }).split("\n").slice(3);
  assertEquals(second, "  two");
});

Deno.test("renderGate() names each report with the conditions that it decided, that looked at it, or passed it over", () => {
  const passedOver = ["c.json: it is 15d old"];
  const rows: readonly GateRow[] = [
    { ...ROW, id: "one", verdict: "pass", evidence: "a.json", others: ["b.json: pass"], passedOver },
    { ...ROW, id: "two", verdict: "fail", evidence: "a.json", others: ["b.json: pass"], passedOver },
    { ...ROW, id: "three", verdict: "not evaluated", evidence: "a.json" },
    { ...ROW, id: "four", verdict: "inconclusive", others: ["b.json: proves nothing"] },
  ];
  const text = renderGate({ ...REPORT, rows }, { width: 200, color: false });
  assertEquals(text.split("\n").filter((line) => line.includes(".json:") || line.includes("a.json.")), [
    "one, two: decided by a.json; beside it b.json: pass.",
    "three: looked at a.json.",
    "four: looked at b.json: proves nothing.",
    "one, two: passed over c.json: it is 15d old.",
  ]);
});

Deno.test("renderGate() says what a command is for: to produce, to measure again, or to reproduce", () => {
  const purposeOf = (changes: Partial<GateRow>) => {
    const text = renderGate({ ...REPORT, rows: [{ ...ROW, ...changes }] }, { width: 200, color: false });
    return /^ {2}(to [a-z ]+): deno task/m.exec(text)?.[1];
  };
  assertEquals(purposeOf({ verdict: "not evaluated" }), "to produce it");
  assertEquals(purposeOf({ verdict: "inconclusive", evidence: "a.json", count: 9 }), "to measure it again");
  // The report was not accepted: nothing of it can be reproduced.
  assertEquals(purposeOf({ evidence: "a.json" }), "to measure it again");
  assertEquals(purposeOf({ evidence: "a.json", count: 9 }), "to reproduce");
  assertEquals(purposeOf({ count: 9 }), "to reproduce");
});
