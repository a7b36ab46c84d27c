import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openEvidence, sealEvidence } from "../../lib/base/mod.ts";
import { TABLE_TWINS, translateTable } from "../../checks/mod.ts";
import type { ConcurrencyRun } from "../../lib/concurrency/mod.ts";
import type { GateRow } from "../../lib/gate/mod.ts";
import { type PublishedReport, renderMeasured } from "../../scripts/_evidence/measured_tables.ts";
import { sealGate } from "../../scripts/_gate/seal_gate.ts";
import { MACHINE } from "../helpers/evidence/gate_evidence.ts";
import { sampleEvidence } from "../helpers/evidence/soak_evidence.ts";

function published(name: string, report: unknown): PublishedReport {
  return { name, evidence: openEvidence(JSON.stringify(report)) };
}

function row(id: string, phase: string, verdict: GateRow["verdict"], changes: Partial<GateRow> = {}): GateRow {
  return {
    id,
    phase,
    verdict,
    title: id,
    level: "error",
    countsAs: verdict === "not evaluated" ? "inconclusive" : verdict,
    required: "= 0",
    measured: "0 of 2893 files",
    count: null,
    estimate: null,
    bound: null,
    evidence: null,
    others: [],
    passedOver: [],
    seconds: 60,
    reason: "",
    problems: [],
    command: "",
    ...changes,
  };
}

function gate(rows: readonly GateRow[]): PublishedReport {
  const report = sealGate({
    phase: "3",
    title: "Three",
    verdict: "fail",
    phaseVerdict: "fail",
    isPartial: false,
    isStopped: false,
    leftOut: [],
    notes: [],
    commit: "b".repeat(40),
    isDirty: false,
    conditions: "sha256:0",
    startedAt: "2026-01-01T12:30:00.000Z",
    at: "2026-01-01T12:34:00.000Z",
    rows,
  });
  // The machine of the test may have any name.
  const { digest: _, ...rest } = { ...report, machine: { ...MACHINE, memoryBytes: 2 ** 33 } };
  return published("gate.json", sealEvidence(rest));
}

Deno.test("renderMeasured() gives each phase the conditions of those before it, and the worst verdict among them", () => {
  const text = renderMeasured([gate([
    row("format", "1", "pass"),
    row("load", "2", "not evaluated"),
    row("tests", "3", "fail", { measured: "1 of 12345 failed, 2 ignored" }),
    row("live", "3", "not evaluated", { level: "off" }),
  ])]);
  for (
    const line of [
      "| `gate.json` | 2026-01-01 12:30 | 4m | `bbbbbbb` | fail |",
      "| 1 | pass | 1 | 0 | 0 | 0 |",
      "| 2 | inconclusive | 1 | 0 | 0 | 1 |",
      "| 3 | fail | 1 | 1 | 0 | 1 |",
      "| `tests` | = 0 | 1 of 12 345 failed, 2 ignored | fail |",
      "Not evaluated: `load`.",
    ]
  ) assertStringIncludes(text, line);
  assertEquals([text.includes("`live`"), text.includes("## Stability")], [false, false]);
});

Deno.test("renderMeasured() shows every claim of the longest run, and its words are known in Japanese", async () => {
  const long = await sampleEvidence();
  const { digest: _, ...rest } = { ...long, actualMs: 1000, totals: { ...long.totals, ops: 99 } };
  const run: ConcurrencyRun = {
    name: "2 processes",
    workers: 4,
    processes: 2,
    files: 56_370,
    failed: 0,
    errors: 0,
    peak: 4,
    waits: 1,
    shares: [],
    requests: 62_900,
    faults: 8,
    seconds: 130.6,
    reservation: null,
  };
  const { digest: __, ...header } = { ...long, schema: "civitai-dl/concurrency", verdict: "pass", runs: [run] };
  const text = renderMeasured([
    published("short.json", sealEvidence(rest)),
    published("long.json", long),
    published("concurrency.json", sealEvidence(header)),
    gate([row("coverage", "1", "pass", { measured: "96.44 % of 72825 lines in 1524 files", required: "≥ 85 %" })]),
  ]);
  assertStringIncludes(text, `${long.totals.ops} jobs, `);
  for (const { id, verdict } of long.claims) {
    assertMatch(text, new RegExp(`^\\| \`${id}\` \\|.+\\| ${verdict} \\|$`, "m"));
  }
  assertStringIncludes(text, "| 2 processes | 56 370 | 0 | 0 | 4 | 62 900 | 131 s |");
  const { words } = TABLE_TWINS.find(({ page }) => page === "evidence/README.md")!;
  const japanese = translateTable(text, words);
  assertStringIncludes(japanese, "1524 個のファイルの 72,825 行のうち 96.44 %");
  // Every number is in both.
  const numbersOf = (page: string) =>
    page.replaceAll(/(?<=\d)[ ,](?=\d{3}\b)/g, "").match(/\d+(?:\.\d+)?/g)!.toSorted();
  assertEquals(
    numbersOf(japanese).filter((number) => number.length > 2),
    numbersOf(text).filter((number) => number.length > 2),
  );
});
