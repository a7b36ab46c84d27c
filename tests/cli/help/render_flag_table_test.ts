import { assertEquals, assertStringIncludes } from "@std/assert";
import { renderFlagTable } from "../../../lib/cli/mod.ts";
import { fetchCommand, verifyCommand } from "../sample_program.ts";

Deno.test("renderFlagTable() writes one row per visible flag", () => {
  const lines = renderFlagTable(fetchCommand).trimEnd().split("\n");
  assertEquals(lines.length, 2 + 12);
  assertEquals(lines[3], "| `-n, --limit N` | How many at most | 1 to 100; default 20 |");
  assertEquals(lines.at(-1), "| `--all` | Everything | |");
});

Deno.test("renderFlagTable() escapes pipes in a cell", () => {
  const flags = [{ name: "x", type: "string", summary: "a|b\nc", example: "d|e" }] as const;
  assertStringIncludes(renderFlagTable({ ...verifyCommand, flags }), "| a\\|b c | such as d\\|e |");
});

Deno.test("renderFlagTable() is empty without flags", () => {
  assertEquals(renderFlagTable(verifyCommand), "");
});
