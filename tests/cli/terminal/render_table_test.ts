import { assertEquals } from "@std/assert";
import { type Column, renderTable, textWidth } from "../../../lib/cli/mod.ts";

interface Row {
  readonly name: string;
  readonly size: number;
  readonly note?: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "Name", value: (row) => row.name },
  { title: "Size", value: (row) => row.size, align: "right" },
  { title: "Note", value: (row) => row.note },
];

Deno.test("renderTable() aligns columns with wide characters", () => {
  const rows = [{ name: "日本", size: 5, note: "x" }, { name: "abc", size: 12345 }];
  assertEquals(renderTable(rows, COLUMNS), "Name   Size  Note\n日本      5  x\nabc   12345\n");
});

Deno.test("renderTable() is empty without rows", () => {
  assertEquals(renderTable([], COLUMNS), "");
});

Deno.test("renderTable() truncates the widest column first to fit the width", () => {
  const rows = [{ name: "a".repeat(50), size: 1, note: "a short note" }];
  const lines = renderTable(rows, COLUMNS, { width: 40 }).trimEnd().split("\n");
  assertEquals(textWidth(lines[1]!), 40);
  assertEquals(lines[1], `${"a".repeat(19)}…     1  a short note`);
});

Deno.test("renderTable() never truncates below the minimum width", () => {
  const columns = [{ title: "Name", value: (row: Row) => row.name, minWidth: 10 }];
  assertEquals(renderTable([{ name: "abcdefghijklm", size: 1 }], columns, { width: 3 }).split("\n")[1], "abcdefghi…");
});

Deno.test("renderTable() removes sequences from cells and colors them without moving columns", () => {
  const columns: Column<Row>[] = [
    { title: "Name", value: (row) => row.name, paint: (text) => `<${text}>` },
    { title: "Size", value: (row) => row.size },
  ];
  const text = renderTable([{ name: "a\x1b[31m\nb", size: 1 }], columns, {
    paintTitle: (title) => title.toUpperCase(),
  });
  assertEquals(text, "NAME  SIZE\n<a b>   1\n");
});
