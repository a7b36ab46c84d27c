import { assert, assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { fileURLToPath } from "node:url";
import { groupTests } from "../../checks/mod.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function ownTests(): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const { path } of walk(ROOT, { includeDirs: false, skip: [/node_modules|[/\\]\.git[/\\]/] })) {
    const isTest = path.endsWith("_test.ts") && /^(?:[ \t]*)Deno\.test/m.test(await Deno.readTextFile(path));
    if (isTest) files.push(path.slice(ROOT.length).replaceAll("\\", "/"));
  }
  return files;
}

Deno.test("groupTests() puts every test of this repository into one group, of at most 24 files of one folder", async () => {
  const files = await ownTests();
  const groups = groupTests(files);
  assertEquals(groups.flatMap((group) => group.files).toSorted(), files.toSorted());
  for (const group of groups) {
    assert(group.files.length <= 24, group.name);
    const folders = new Set(group.files.map((file) => file.split("/").slice(0, -1)[1] ?? ""));
    assertEquals(folders.size, 1, group.name);
  }
  // The `test` task looks for tests only there.
  assertEquals(files.filter((file) => !file.startsWith("tests/")), []);
  assertEquals(new Set(groups.map(({ name }) => name)).size, groups.length);
});

Deno.test("groupTests() separates neighbors, and begins with the folders that take longest", () => {
  const files = Array.from({ length: 13 }, (_, index) => `tests/scripts/${String.fromCharCode(97 + index)}_test.ts`);
  const groups = groupTests([...files, "tests/lint_test.ts", "tests/base/b_test.ts", "tests/base/a/a_test.ts"]);
  assertEquals(groups.map(({ name, files }) => `${name} ${files.length}`), [
    "scripts_1 7",
    "scripts_2 6",
    "base 2",
    "tests 1",
  ]);
  assertEquals(groups[1]!.files.slice(0, 2), ["tests/scripts/b_test.ts", "tests/scripts/d_test.ts"]);
});
