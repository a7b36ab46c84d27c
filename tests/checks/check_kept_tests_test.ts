import { assertEquals } from "@std/assert";
import { findLeftOut, findLost } from "../../checks/check_kept_tests.ts";
import { readTests } from "../../checks/read_tests.ts";

const SOURCE = `import { assertEquals } from "@std/assert";

function helper(): void {
  throw new Error("no test");
}

Deno.test("one() adds", () => {
  const sum = 1 + 1;
  assertEquals(sum, 2);
});

Deno.test.each(
  [
    ["a", 1],
    ["b (", 2],
  ] as const,
)("two(%s) is %d", (text, number) => {
  assertEquals(text.length, number);
  assertEquals(1, 1);
});

Deno.test.each(["x", "y"])("three(%j) holds", (text) => {
  if (text === "") throw new Error("empty");
});

Deno.test({ name: "four() waits", ignore: false }, () =>
  inFolder(async (folder) => {
    assertEquals(folder, "");
  }));

Deno.test(\`five() of \${"x"}\`, () => {
  helper();
});
`;

const lost = (now: string, before = SOURCE, file = "tests/a_test.ts") =>
  findLost([{ file, before: readTests(before), now: readTests(now) }], "abc").map(({ message }) => message);

function change(find: string, put: string): string {
  const text = SOURCE.replace(find, () => put);
  if (text === SOURCE) throw new Error(`nothing was changed: ${find}`);
  return text;
}

Deno.test("readTests() reads name, kind and assertions of every form of test", () => {
  assertEquals(readTests(SOURCE).map(({ name, assertions, isIgnored }) => [name, assertions, isIgnored]), [
    ["one() adds", 1, false],
    ["two(%s) is %d", 2, false],
    ["three(%j) holds", 1, false],
    ["four() waits", 1, false],
    ['five() of ${"x"}', 0, false],
  ]);
  assertEquals(readTests(change("ignore: false", "ignore: true"))[3]!.isIgnored, true);
});

Deno.test.each(
  [
    ['Deno.test("one() adds"', 'void ("one() adds"', '"one() adds" is gone since abc'],
    ['Deno.test("one() adds"', 'Deno.test.ignore("one() adds"', '"one() adds" is ignored'],
    ["ignore: false", "ignore: true", '"four() waits" is ignored'],
    ["  assertEquals(sum, 2);\n", "", '"one() adds" has lost its assertions'],
    ["  assertEquals(sum, 2);\n", "  // assertEq\n", '"one() adds" has lost its assertions'],
    ['throw new Error("empty")', "return", '"three(%j) holds" has lost its assertions'],
    [
      'adds", () => {',
      'adds", { ignore: Deno.build.os !== "netbsd" }, () => {',
      '"one() adds" may be ignored, since it says "ignore: Deno.build.os !== "netbsd""',
    ],
    ['adds", () => {', 'adds", NEVER, () => {', '"one() adds" may be ignored, since it says "NEVER"'],
    ['%d", (text', '%d", { ...NEVER }, (text', '"two(%s) is %d" may be ignored, since it says "...NEVER"'],
    ["ignore: false }", "ignore }", '"four() waits" may be ignored, since it says "ignore"'],
    ["ignore: false }", "ignore: NEVER }", '"four() waits" may be ignored, since it says "ignore: NEVER"'],
    ['["x", "y"]', "[]", '"three(%j) holds" is ignored'],
    ["  const sum = 1 + 1;\n", "  return;\n  const sum = 1 + 1;\n", '"one() adds" has lost its assertions'],
    [
      '    assertEquals(folder, "");',
      '    return;\n    assertEquals(folder, "");',
      '"four() waits" has lost its assertions',
    ],
    ["  const sum = 1 + 1;\n", "  for (const sum of [1]) {\n    return;\n  }\n", null],
    ['adds", () => {', 'adds", { sanitizeOps: true }, () => {', null],
    ["two(%s) is %d", "other(%s)", null],
    ["  assertEquals(1, 1);\n", "", null],
    ["const sum = 1 + 1", "const sum = 2", null],
  ] as const,
)("findLost() after %j became %j: %j", (find, put, message) => {
  assertEquals(lost(change(find, put)), message === null ? [] : [message]);
});

Deno.test("findLost() keeps a test that says when it runs, and notices if it says something else", () => {
  const some = change('adds", () => {', 'adds", { ignore: !await hasProgram("nginx", "-v") }, () => {');
  assertEquals(lost(some, some), []);
  assertEquals(lost(SOURCE, some), []);
  assertEquals(lost(some.replace('"-v"', '"-x"'), some), [
    '"one() adds" may be ignored, since it says "ignore: !await hasProgram("nginx", "-x")"',
  ]);
});

Deno.test("findLeftOut() finds settings of deno.json that leave tests out", () => {
  const text = (settings: unknown) => JSON.stringify(settings);
  const names = (before: string | null, now: string | null) => findLeftOut(before, now, "abc").map(({ name }) => name);
  const plain = text({ version: "1", test: { sanitizeOps: true } });
  assertEquals(names(plain, text({ version: "2", test: { sanitizeOps: true }, tasks: {} })), []);
  assertEquals(names(plain, text({ test: { sanitizeOps: true, exclude: ["tests/transfer"] } })), ["test"]);
  assertEquals(names(plain, text({ test: { sanitizeOps: true }, exclude: ["tests"] })), ["exclude"]);
  assertEquals(names(plain, "{ // mine\n}"), ["test"]);
  assertEquals(names(plain, null), ["test"]);
  assertEquals(names(null, null), []);
});

Deno.test("findLost() follows a test into another file, and not into one of other content", () => {
  const [first, ...rest] = readTests(SOURCE);
  const moved = [
    { file: "tests/a_test.ts", before: readTests(SOURCE), now: rest },
    { file: "tests/b_test.ts", before: [], now: [first!] },
  ];
  assertEquals(findLost(moved, "abc"), []);
  const other = change(
    'Deno.test("one() adds", () => {\n  const sum = 1 + 1;\n  assertEquals(sum, 2);',
    'Deno.test("new", () => {\n  assertEquals(0, 0);',
  );
  assertEquals(lost(other), ['"one() adds" is gone since abc']);
});
