import { assert, assertEquals, assertThrows } from "@std/assert";
import { parse as parseYaml, stringify, YamlSyntaxError } from "@std/yaml";

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

Deno.test("stringify() writes text that parse() restores", () => {
  const value = { name: "x: y", list: [1, "2", null, true], deep: { empty: {}, text: "two\nlines" } };
  assertEquals(parse(stringify(value)), value);
});

Deno.test("stringify() sorts keys on request", () => {
  assertEquals(stringify({ b: 1, a: 2 }, { sortKeys: true }), "a: 2\nb: 1\n");
  assertEquals(stringify({ b: 1, a: 2 }), "b: 1\na: 2\n");
});

Deno.test("stringify() folds no line if lineWidth is -1", () => {
  const text = "word ".repeat(60).trim();
  assertEquals(stringify({ text }, { lineWidth: -1 }), `text: ${text}\n`);
});

Deno.test("stringify() sorts keys by a function with the depth", () => {
  const sortKeys = (a: string, b: string, depth: number) => depth === 0 ? a.localeCompare(b) : b.localeCompare(a);
  assertEquals(stringify({ b: 1, a: { c: 1, d: 2 } }, { sortKeys }), "a:\n  d: 2\n  c: 1\nb: 1\n");
});

Deno.test("stringify() refuses unsupported values, or skips them on request", () => {
  for (const value of [undefined, { a: undefined }, { a: [undefined] }, () => 1]) {
    assertThrows(() => stringify(value), TypeError);
  }
  assertEquals(stringify({ a: undefined, b: [undefined, 1] }, { skipInvalid: true }), "b:\n  - 1\n");
});

Deno.test("stringify() quotes texts with YAML indicators", () =>
  assertEquals(stringify(["a, b", "a:b", "-a", "a-b"]), "- 'a, b'\n- 'a:b'\n- '-a'\n- a-b\n"));

Deno.test("stringify() writes binary with its tag, and boxed values as plain ones", () =>
  assertEquals(
    stringify([new Uint8Array([1]), new Number(1), new String("a"), new Boolean(false)]),
    "- !<tag:yaml.org,2002:binary> AQ==\n- 1\n- a\n- false\n",
  ));

Deno.test("stringify() indents, uses flow style and references on request", () => {
  const shared = { b: 1 };
  assertEquals(stringify({ a: [shared, shared] }), "a:\n  - &ref_0\n    b: 1\n  - *ref_0\n");
  assertEquals(stringify({ a: [shared, shared] }, { useAnchors: false, flowLevel: 1 }), "a: [{b: 1}, {b: 1}]\n");
  assertEquals(stringify({ a: [{ b: 1 }] }, { flowLevel: 1, condenseFlow: true }), 'a: [{"b":1}]\n');
  assertEquals(stringify({ a: { b: ["c"] } }, { indent: 4, arrayIndent: false }), "a:\n    b:\n    - c\n");
});
