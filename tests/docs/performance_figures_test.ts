import { assertEquals, assertGreater } from "@std/assert";

const PAGES = ["docs/performance.md", "docs/ja/performance.md"] as const;

Deno.test("the tables of docs/performance.md have the same figures in both languages", async () => {
  const [english, japanese] = await Promise.all(
    PAGES.map(async (page) => figuresOf(await Deno.readTextFile(new URL(`../../${page}`, import.meta.url)))),
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
