import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { blockOf, TABLE_TWINS, translateTable } from "../../checks/mod.ts";

const read = (page: string): Promise<string> => Deno.readTextFile(new URL(`../../${page}`, import.meta.url));

for (const twin of TABLE_TWINS) {
  Deno.test(`docs/ja/${twin.page} has the drawn table of docs/${twin.page}`, async () => {
    const [english, japanese] = await Promise.all([read(`docs/${twin.page}`), read(`docs/ja/${twin.page}`)]);
    assertEquals(blockOf(japanese, twin), translateTable(blockOf(english, twin), twin));
  });
}

Deno.test("translateTable() refuses a cell whose words it does not know", () => {
  assertThrows(() => translateTable("| a new row |", { words: [] }), Error, 'Cannot translate "a new row"');
});

Deno.test("translateTable() leaves what it does not know whole in English where it may", () => {
  const twin = { words: [[/^row$/, "行"], [/new/, "新"]] as const, keepsUnknown: true };
  assertEquals(translateTable("| row | a new row | 1d |", twin), "| 行 | a new row | 1 日 |");
});

Deno.test("the tables of docs/performance.md have the same figures in both languages", async () => {
  const [english, japanese] = await Promise.all(
    ["docs/performance.md", "docs/ja/performance.md"].map(async (page) => figuresOf(await read(page))),
  );
  assertGreater(english!.length, 100);
  assertEquals(japanese, english);
});

/** The numbers of each row of a table, except single digits, which a language may write as words. */
function figuresOf(text: string): readonly (readonly string[])[] {
  const rows = text.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| -"));
  return rows.map((row) => {
    const joined = row.replaceAll(/(?<=\d)[ ,](?=\d{3}\b)/g, "");
    return [...joined.matchAll(/\d+(?:\.\d+)?/g)].map(([number]) => number).filter((number) => number.length > 1)
      .sort();
  });
}
