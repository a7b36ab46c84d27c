import { assert, assertEquals, assertThrows } from "@std/assert";
import { parse as parseYaml, YamlSyntaxError } from "@std/yaml";

/** As the project calls it. The default schema has more types, such as dates. */
function parse(text: string): unknown {
  return parseYaml(text, { schema: "core" });
}

Deno.test("parse() reads mappings, lists and scalars", () => {
  const text = "name: x\nlist: [1, two]\ndeep:\n  on: true\n  none: null\n  rate: 0.5\n# a comment\nquoted: '007'\n";
  assertEquals(parse(text), {
    name: "x",
    list: [1, "two"],
    deep: { on: true, none: null, rate: 0.5 },
    quoted: "007",
  });
});

Deno.test("parse() returns null for an empty text", () => {
  for (const text of ["", "\n", "# only a comment\n", "---\n"]) assertEquals(parse(text), null);
});

Deno.test("parse() accepts line ends of other systems", () => assertEquals(parse("a: 1\r\nb: 2\r\n"), { a: 1, b: 2 }));

Deno.test("parse() reports the place of a syntax error", () => {
  const error = assertThrows(() => parse("a: 1\nb: [1, 2\nc: 3\n"), YamlSyntaxError);
  assertEquals(error.name, "YamlSyntaxError");
  assert(error instanceof SyntaxError && error.line >= 2 && error.line <= 4 && error.column >= 1);
  assertEquals(assertThrows(() => parse("a: 1\nb: `\n"), YamlSyntaxError).offset, 8);
});

Deno.test("parse() returns dates as text with the core schema", () =>
  assertEquals(parse("since: 2026-01-02\n"), { since: "2026-01-02" }));

Deno.test("parse() refuses a duplicate key, a broken mapping and two documents", () => {
  for (const text of ["a: 1\na: 2\n", "- a\nb: 1\n", "a: b: c\n", "a: *b\n", "a: 1\n---\nb: 2\n"]) {
    assertThrows(() => parse(text), YamlSyntaxError);
  }
});

Deno.test("parse() reports the second of two documents", () => {
  const { line, column, offset } = assertThrows(() => parse("---\na: 1\n---\nb: 2\n"), YamlSyntaxError);
  assertEquals([line, column, offset], [3, 1, 9]);
});

Deno.test("parse() reads integers with underscores, and octal ones after a zero", () =>
  assertEquals(parse("[1_000, 012, 0b11, 0x1F, -0, 1:15]"), [1000, 10, 3, 31, 0, "1:15"]));

Deno.test("parse() keeps the last of duplicate keys on request", () =>
  assertEquals(parseYaml("a: 1\na: 2\n", { allowDuplicateKeys: true }), { a: 2 }));

Deno.test("parse() reads dates, binary, merged mappings, sets and ordered pairs by default", () => {
  const text = "since: 2026-01-02\nbytes: !!binary AQI=\nmerged: { <<: { a: 1 }, b: 2 }\n" +
    "set: !!set { a }\nordered: !!omap [a: 1]\npairs: !!pairs [a: 1]\n";
  assertEquals(parseYaml(text), {
    since: new Date("2026-01-02"),
    bytes: new Uint8Array([1, 2]),
    merged: { a: 1, b: 2 },
    set: { a: null },
    ordered: [{ a: 1 }],
    pairs: [["a", 1]],
  });
});

Deno.test("parse() converts complex keys to text", () => assertEquals(parse("? [a, b]\n: 1\n"), { "a,b": 1 }));
