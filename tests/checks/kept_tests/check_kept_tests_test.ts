import { assertEquals } from "@std/assert";
import { findLeftOut, findLost } from "../../../checks/kept_tests/check_kept_tests.ts";
import { type CountedTest, countRuns } from "../../../checks/kept_tests/count_runs.ts";
import { readTests } from "../../../checks/kept_tests/read_tests.ts";
import { parseTestSettings } from "../../../checks/kept_tests/test_settings.ts";

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

/** The tests of a source, each of which runs this often. */
const count = (source: string, runs = 1): readonly CountedTest[] =>
  countRuns(readTests(source), readTests(source).map((test) => ({ ...test, runs, isIgnored: false })));

const lost = (now: string, before = SOURCE, file = "tests/a_test.ts") =>
  findLost([{ file, before: count(before), now: count(now) }], "abc").map(({ message }) => message);

function change(find: string, put: string): string {
  const text = SOURCE.replace(find, () => put);
  if (text === SOURCE) throw new Error(`nothing was changed: ${find}`);
  return text;
}

Deno.test("readTests() reads name, kind and assertions of every form of test", () => {
  assertEquals(readTests(SOURCE).map(({ name, assertions, line }) => [name, assertions, line]), [
    ["one() adds", 1, 7],
    ["two(%s) is %d", 2, 12],
    ["three(%j) holds", 1, 22],
    ["four() waits", 1, 26],
    ['five() of ${"x"}', 0, 31],
  ]);
});

Deno.test.each(
  [
    ['Deno.test("one() adds"', 'void ("one() adds"', '"one() adds" is gone since abc'],
    ['Deno.test("one() adds"', 'Deno.test.only("one() adds"', null],
    ['Deno.test("one() adds"', 'test("one() adds"', '"one() adds" is gone since abc'],
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
    ["ignore: false", "ignore: true", '"four() waits" may be ignored, since it says "ignore: true"'],
    ["ignore: false }", "ignore }", '"four() waits" may be ignored, since it says "ignore"'],
    ["ignore: false }", "ignore: NEVER }", '"four() waits" may be ignored, since it says "ignore: NEVER"'],
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
  const names = (before: string | null, now: string | null) =>
    findLeftOut(parseTestSettings(before), parseTestSettings(now), "abc").map(({ name }) => name);
  const plain = text({ version: "1", test: { sanitizeOps: true } });
  assertEquals(names(plain, text({ version: "2", test: { sanitizeOps: true }, tasks: {} })), []);
  assertEquals(names(plain, text({ test: { sanitizeOps: true, exclude: ["tests/transfer"] } })), ["test"]);
  assertEquals(names(plain, text({ test: { sanitizeOps: true }, exclude: ["tests"] })), ["exclude"]);
  assertEquals(names(plain, "{ // mine\n}"), ["test", "text"]);
  assertEquals(names(plain, null), ["test"]);
  assertEquals(names(null, null), []);
});

Deno.test("findLost() follows a test into another file, and not into one of other content", () => {
  const [first, ...rest] = count(SOURCE);
  const left = { file: "tests/a_test.ts", before: count(SOURCE), now: rest };
  assertEquals(findLost([left, { file: "tests/b_test.ts", before: [], now: [first!] }], "abc"), []);
  // One that was there already, or that another lost test has become, excuses nothing.
  const gone = { file: "tests/a_test.ts", name: "one() adds", runs: 1, message: '"one() adds" is gone since abc' };
  assertEquals(findLost([left, { file: "tests/b_test.ts", before: [first!], now: [first!] }], "abc"), [gone]);
  const twin = { file: "tests/c_test.ts", before: count(SOURCE), now: count(SOURCE).slice(1) };
  assertEquals(findLost([left, twin, { file: "tests/d_test.ts", before: [], now: [first!] }], "abc"), [
    { ...gone, file: "tests/c_test.ts" },
  ]);
  const other = change(
    'Deno.test("one() adds", () => {\n  const sum = 1 + 1;\n  assertEquals(sum, 2);',
    'Deno.test("new", () => {\n  assertEquals(0, 0);',
  );
  assertEquals(lost(other), ['"one() adds" is gone since abc']);
});

Deno.test("findLost() names a test that is still declared, but runs less often, and counts what was lost", () => {
  const after = (now: Partial<CountedTest>) => {
    const before = count(SOURCE, 8);
    const all = [{ file: "tests/a_test.ts", before, now: [...before.slice(0, 4), { ...before[4]!, ...now }] }];
    return findLost(all, "abc").map(({ runs, message }) => [runs, message]);
  };
  assertEquals(after({ runs: 8 }), []);
  assertEquals(after({ runs: 9 }), []);
  assertEquals(after({ runs: 3 }), [[5, `"five() of \${"x"}" runs as 3 tests, and as 8 in abc`]]);
  assertEquals(after({ runs: 0 }), [[8, `"five() of \${"x"}" is still declared, but does not run`]]);
  assertEquals(after({ runs: 0, isIgnored: true }), [[8, `"five() of \${"x"}" is ignored`]]);
  // What did not run before is not lost.
  const none = { file: "tests/a_test.ts", before: count(SOURCE, 0), now: [] };
  assertEquals(findLost([none], "abc"), []);
});
