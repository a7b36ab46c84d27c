import { assertEquals, assertMatch } from "@std/assert";
import { dirname, join } from "node:path";
import { loadTests } from "../../../checks/kept_tests/load_tests.ts";
import { parseTestSettings } from "../../../checks/kept_tests/test_settings.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** Test files, and their tests as `name:line:runs`; `null` if a file cannot be loaded. */
const FILES: Readonly<Record<string, readonly [source: string, tests: readonly string[] | null]>> = {
  "tests/forms_test.ts": [
    `Deno.test("name", () => {});
Deno.test("options", { sanitizeOps: true }, () => {});
Deno.test({ name: "object", ignore: false, fn() {} });
Deno.test(function own() {});
Deno.test.only("only", () => {});
Deno.test.ignore("ignored", () => {});
Deno.test({ name: "by option", ignore: true }, () => {});
Deno.test.beforeAll(() => {});
Deno.test.each(
  [["a", 1], ["b", 2]],
)("table %s", () => {});
Deno.test.ignore.each([1, 2])("no table %d", () => {});
`,
    [
      ...["name:1:1", "options:2:1", "object:3:1", "own:4:1", "only:5:1", "ignored:6:0", "by option:7:0"],
      ...["table %s:9:2", "no table %d:12:0"],
    ],
  ],
  "tests/reached test.ts": ["", []],
  "tests/reached_test.ts": [
    `const CASES: readonly number[] = [1, 2, 3];
for (const one of CASES) Deno.test(\`loop \${one}\`, () => {});
for (const one of CASES.slice(0, 0)) {
  Deno.test(\`empty \${one}\`, () => {});
}
if (Deno.build.os === "netbsd") {
  Deno.test("elsewhere", () => {});
}
function uncalled(): void {
  Deno.test("uncalled", () => {});
}
Deno.test.each(CASES.slice(0, 0))("no row %d", () => {});
`,
    ["loop 1:2:1", "loop 2:2:1", "loop 3:2:1", "no row %d:12:0"],
  ],
  "tests/helped_test.ts": [
    'import { declare } from "./helper.ts";\n\ndeclare("first");\ndeclare("second");\n',
    ["first:3:1", "second:4:1"],
  ],
  "tests/ended_test.ts": [
    'Deno.test("before", () => {});\nthrow new Error("no further");\nDeno.test("after", () => {});\n',
    null,
  ],
};

Deno.test("loadTests() lists the tests that files declare, without running one", () =>
  inTempDir(async (folder) => {
    const write = async (file: string, text: string) => {
      await Deno.mkdir(dirname(join(folder, file)), { recursive: true });
      await Deno.writeTextFile(join(folder, file), text);
    };
    await write("deno.json", "{}");
    await write("tests/helper.ts", "export const declare = (name: string): void => Deno.test(name, () => {});\n");
    for (const [file, [source]] of Object.entries(FILES)) await write(file, source);
    const { signal } = new AbortController();
    const loaded = await loadTests(Object.keys(FILES), { folder, settings: parseTestSettings("{}"), signal });
    assertEquals(
      loaded.map(({ file, failure, tests }) => [
        file,
        failure === null ? tests.map(({ name, line, runs }) => `${name}:${line}:${runs}`) : null,
      ]),
      Object.entries(FILES).map(([file, [, tests]]) => [file, tests]),
    );
    assertMatch(loaded.at(-1)!.failure!, /no further/);
    assertEquals(loaded[0]!.tests.filter(({ isIgnored }) => isIgnored).length, 3);
  }));
