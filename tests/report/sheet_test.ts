import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import {
  appendStepSummary,
  renderSheetAnnotations,
  renderSheetJunit,
  renderSheetMarkdown,
  renderSheetSarif,
  type SheetRow,
  type VerdictSheet,
} from "../../lib/report/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { checkJunit } from "../helpers/check_junit.ts";
import { checkSarif } from "../helpers/check_sarif.ts";

function row(id: string, fields: Partial<SheetRow> = {}): SheetRow {
  return {
    id,
    title: `About ${id}`,
    level: "error",
    verdict: "pass",
    required: "= 0",
    measured: "0 in 3 files",
    reason: "",
    problems: [],
    command: `deno task ${id}`,
    seconds: 0.25,
    ...fields,
  };
}

const SHEET: VerdictSheet = {
  title: "Gate of phase 1",
  verdict: "fail",
  notes: ["Commit abc"],
  at: "2026-11-25T12:00:00.000Z",
  rows: [
    row("format"),
    row("lint", {
      verdict: "fail",
      measured: "2 in 3 files",
      problems: [
        { message: "a | b <c> & 100%\nsecond", file: "lib/a b.ts", line: 3, column: 7, rule: "no-x" },
        { message: "\x1b[31mred\x1b[0m \x07bell" },
      ],
    }),
    row("day", { verdict: "not evaluated", measured: "", reason: "there is no report" }),
    row("leak", { verdict: "inconclusive" }),
    row("slow", { verdict: "fail", level: "warn" }),
    row("old", { verdict: "not evaluated", level: "off" }),
  ],
};

Deno.test("renderSheetJunit() has a failure per failed row, and an error per undecided one", () => {
  const xml = renderSheetJunit(SHEET);
  checkJunit(xml);
  assertMatch(xml, /<testsuites name="Gate of phase 1" tests="6" failures="1" errors="2" time="1.500">/);
  assertEquals(xml.match(/<failure /g)?.length, 1);
  assertStringIncludes(xml, "lib/a b.ts:3:7: a | b &lt;c&gt; &amp; 100% second (no-x)");
  // deno-lint-ignore no-control-regex
  assertEquals(/[\x00-\x08\x0b-\x1f]/.test(xml), false);
});

Deno.test("renderSheetSarif() returns SARIF 2.1.0 with a result per problem and its location", () => {
  const text = renderSheetSarif(SHEET, { tool: { name: "t", version: "1.0.0" }, file: "config/phases.yml" });
  const results = checkSarif(text);
  assertEquals(results.map(({ ruleId, kind, level }) => [ruleId, kind, level]), [
    ["format", "pass", "none"],
    ["lint", "fail", "error"],
    ["lint", "fail", "error"],
    ["day", "open", "none"],
    ["leak", "open", "none"],
    ["slow", "fail", "warning"],
  ]);
  assertStringIncludes(text, '"uri": "lib/a%20b.ts"');
  assertStringIncludes(text, '"uri": "config/phases.yml"');
});

Deno.test("renderSheetAnnotations() escapes command separators and lists errors first", () => {
  const lines = renderSheetAnnotations(SHEET).trimEnd().split("\n");
  assertEquals(lines[0], "::error title=lint%3A About lint::fail: 2 in 3 files (required: = 0)");
  assertEquals(lines[1], "::error file=lib/a b.ts,line=3,col=7,title=no-x::a | b <c> & 100%25%0Asecond");
  assertEquals(lines.filter((line) => line.startsWith("::warning")).length, 3);
  assertEquals(renderSheetAnnotations({ ...SHEET, rows: [row("format")] }), "");
});

Deno.test("renderSheetAnnotations() counts what GitHub does not show", () => {
  const problems = Array.from({ length: 30 }, (_, index) => ({ message: `problem ${index}` }));
  const text = renderSheetAnnotations({ ...SHEET, rows: [row("lint", { verdict: "fail", problems })] });
  assertEquals(text.match(/^::error/gm)?.length, 10);
  assertStringIncludes(text, "::notice::21 more annotations of kind error");
});

Deno.test("renderSheetMarkdown() is one table with escaped cells", () => {
  const text = renderSheetMarkdown(SHEET);
  const table = text.split("\n").filter((line) => line.startsWith("|"));
  assertEquals(table.length, 2 + SHEET.rows.length);
  for (const line of table) assertEquals(line.replaceAll("\\|", "").match(/\|/g)?.length, 6);
  assertStringIncludes(text, "- lib/a b.ts:3:7: a \\| b \\<c\\> & 100% second (no-x)");
  assertStringIncludes(table[3]!, "`deno task lint`");
  assertEquals(table[2]!.includes("deno task"), false);
});

Deno.test("appendStepSummary() appends whole lines up to 1 MiB", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "summary.md");
    await appendStepSummary(path, "one\n");
    await appendStepSummary(path, "two\n");
    assertEquals(await Deno.readTextFile(path), "one\ntwo\n");
    await appendStepSummary(path, "あいう\n".repeat(200_000));
    const text = await Deno.readTextFile(path);
    assertEquals((await Deno.stat(path)).size <= 1024 * 1024, true);
    assertMatch(text.slice(-80), /あいう\n\n\nTruncated: a step summary is limited to 1 MiB\.\n$/);
    await appendStepSummary(path, "x".repeat(1000));
    assertEquals((await Deno.stat(path)).size <= 1024 * 1024, true);
  }));
