import { assertEquals } from "@std/assert";
import { type Column, renderFields, renderTable, textWidth } from "../../../lib/cli/mod.ts";

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

Deno.test("renderFields() separates whole cells by tabs, whatever is in them", () => {
  const rows = [{ name: "a\tb\nc  d", size: 5, note: "日本" }, { name: "a".repeat(50), size: 12345 }];
  assertEquals(renderFields(rows, COLUMNS), `Name\tSize\tNote\na b c  d\t5\t日本\n${"a".repeat(50)}\t12345\t\n`);
  assertEquals(renderFields([], COLUMNS), "");
});

Deno.test("renderTable() shortens cells as the column says, and lets those of the last column be wider", () => {
  const columns: Column<Row>[] = [COLUMNS[1]!, {
    title: "Name",
    value: (row) => row.name,
    shorten: (text) => `<${text}>`,
  }];
  const text = renderTable([{ name: "a".repeat(20), size: 1 }], columns, { width: 16 });
  assertEquals(text, `Size  Name\n   1  <${"a".repeat(20)}>\n`.replace("Name", "<Name>"));
});

Deno.test("renderTable() never cuts a right-aligned number", () => {
  const rows = [{ name: "a rather long name", size: "1023.9 KiB" }];
  const columns: Column<(typeof rows)[number]>[] = [
    { title: "SIZE", value: ({ size }) => size, align: "right" },
    { title: "NAME", value: ({ name }) => name },
  ];
  assertEquals(renderTable(rows, columns, { width: 20 }), "      SIZE  NAME\n1023.9 KiB  a rathe…\n");
  assertEquals(renderTable(rows, columns, { width: 12 }), "      SIZE  NAME\n1023.9 KiB  a rathe…\n");
});
