import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { appendStepSummary, renderSheetMarkdown, type SheetRow, type VerdictSheet } from "../../lib/report/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

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
