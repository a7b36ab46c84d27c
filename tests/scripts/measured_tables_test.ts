import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openEvidence, sealEvidence } from "../../lib/base/mod.ts";
import { TABLE_TWINS, translateTable } from "../../checks/mod.ts";
import type { ConcurrencyRun } from "../../lib/concurrency/mod.ts";
import { type GateRow, parseGateConfig, runGate } from "../../lib/gate/mod.ts";
import { type PublishedReport, renderMeasured } from "../../scripts/_evidence/measured_tables.ts";
import { sealGate } from "../../scripts/_gate/seal_gate.ts";
import { MACHINE } from "../helpers/evidence/gate_evidence.ts";
import { sampleEvidence } from "../helpers/evidence/soak_evidence.ts";

/** The words of the page; a text that is not known fails. */
const KNOWN = { words: TABLE_TWINS.find(({ page }) => page === "evidence/README.md")!.words };

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
  const japanese = translateTable(text, KNOWN);
  assertStringIncludes(japanese, "1524 個のファイルの 72,825 行のうち 96.44 %");
  // Every number is in both.
  const numbersOf = (page: string) =>
    page.replaceAll(/(?<=\d)[ ,](?=\d{3}\b)/g, "").match(/\d+(?:\.\d+)?/g)!.filter(({ length }) => length > 2)
      .toSorted();
  assertEquals(numbersOf(japanese), numbersOf(text));
});

Deno.test("renderMeasured() has Japanese words for what every condition requires, and for what its checks measure", async () => {
  const { phases } = parseGateConfig(await Deno.readTextFile(new URL("../../config/phases.yml", import.meta.url)));
  const { rows } = await runGate(phases.at(-1)!, {});
  const measured = [
    "0 of 2893 files",
    "0 in 2675 files",
    "0 of 1842 failed",
    "0 of 6389 failed, 2 ignored",
    "96.44 % of 72825 lines in 1524 files",
    "0 of 6389 tests in 4b91186e0 lost; 6390 now",
    "0 of 7 document checks failed",
    "0 in 6 workflows",
    "2 of 2 hold; timeout_rate: 0 % (0 of 108366), at most 0.003 % at 95 %",
    "0 in 390372 files",
    "1 times, in 13.29 GiB",
    "270.1 MiB, n = 1",
    "0 in 7200 files and jobs",
    "1d, 18 of 18 claims hold",
    "4h 30m, 17 of 18 claims hold",
  ];
  // What was not evaluated has no line in the table.
  const judged = rows.map((
    row,
    index,
  ) => ({ ...row, verdict: "pass", measured: measured[index % measured.length]! } as const));
  const text = renderMeasured([gate(judged)]);
  for (const one of measured) assertStringIncludes(text.replaceAll(/(?<=\d) (?=\d{3}\b)/g, ""), ` ${one} |`);
  const japanese = translateTable(text, KNOWN);
  for (const half of [/\d[dhms]\b/, / (?:of|in|hold|times|files)\b/]) assertEquals(japanese.match(half), null);
});

Deno.test("renderMeasured() names the machines if there are several, the newest gate, and nothing if there is no report", () => {
  const [old, other] = ["2026-01-01", "2026-01-02"].map((day) => {
    const { evidence: { digest: _, ...rest } } = gate([row(`of-${day}`, "1", "pass")]);
    const machine = { ...MACHINE, cpu: day, cores: 1, memoryBytes: 2 ** 40 };
    return published(`${day}.json`, sealEvidence({ ...rest, machine, endedAt: `${day}T00:00:00.000Z` }));
  });
  const text = renderMeasured([old!, other!]);
  assertStringIncludes(
    text,
    "Machine of `2026-01-01.json`: 2026-01-01, 1 processor, 1.00 TiB of memory, linux 6; Deno 2.9.6.",
  );
  assertEquals([text.includes("`of-2026-01-01`"), text.includes("`of-2026-01-02`")], [false, true]);
  assertStringIncludes(
    translateTable(text, KNOWN),
    "マシン（`2026-01-02.json`）：`2026-01-02`、1 コア、メモリ 1.00 TiB",
  );
  assertEquals(translateTable(renderMeasured([]), KNOWN), "## 測定結果\n\n公開したレポートはありません。");
});
