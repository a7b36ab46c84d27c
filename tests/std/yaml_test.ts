import { assert, assertEquals, assertThrows } from "@std/assert";
import { parse as parseYaml, stringify, YamlSyntaxError } from "@std/yaml";

/** As the project calls it: real std knows more types, such as dates, in its default schema. */
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

Deno.test("parse() gives null for a text without content", () => {
  for (const text of ["", "\n", "# only a comment\n", "---\n"]) assertEquals(parse(text), null);
});

Deno.test("parse() reads a file of another system", () => assertEquals(parse("a: 1\r\nb: 2\r\n"), { a: 1, b: 2 }));

Deno.test("parse() says where a text is no YAML", () => {
  const error = assertThrows(() => parse("a: 1\nb: [1, 2\nc: 3\n"), YamlSyntaxError);
  assertEquals(error.name, "YamlSyntaxError");
  assert(error instanceof SyntaxError && error.line >= 2 && error.line <= 4 && error.column >= 1);
});

Deno.test("parse() leaves dates texts", () => assertEquals(parse("since: 2026-01-02\n"), { since: "2026-01-02" }));

Deno.test("parse() refuses a key that stands twice, what is no mapping after all, and two documents", () => {
  for (const text of ["a: 1\na: 2\n", "- a\nb: 1\n", "a: b: c\n", "a: *b\n", "a: 1\n---\nb: 2\n"]) {
    assertThrows(() => parse(text), YamlSyntaxError);
  }
});

Deno.test("stringify() writes what parse() reads again", () => {
  const value = { name: "x: y", list: [1, "2", null, true], deep: { empty: {}, text: "two\nlines" } };
  assertEquals(parse(stringify(value)), value);
});

Deno.test("stringify() sorts keys when asked to", () => {
  assertEquals(stringify({ b: 1, a: 2 }, { sortKeys: true }), "a: 2\nb: 1\n");
  assertEquals(stringify({ b: 1, a: 2 }), "b: 1\na: 2\n");
});

Deno.test("stringify() folds no line where lineWidth is -1", () => {
  const text = "word ".repeat(60).trim();
  assertEquals(stringify({ text }, { lineWidth: -1 }), `text: ${text}\n`);
});
