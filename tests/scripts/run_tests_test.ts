import { assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCRIPT = join(ROOT, "scripts", "run_tests.ts");

interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Run the `test` task in a folder, as `deno task` does. */
async function runTests(folder: string, ...args: readonly string[]): Promise<Ran> {
  const temporary = join(folder, "tmp");
  await Deno.mkdir(temporary, { recursive: true });
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-P=gate", "--config", join(ROOT, "deno.json"), SCRIPT, ...args],
    cwd: folder,
    env: { NO_COLOR: "1", TMPDIR: temporary },
  }).output();
  const left = await Array.fromAsync(Deno.readDir(temporary));
  assertEquals(left.filter(({ name }) => name.startsWith("tests-")), []);
  return { code, output: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("the test task runs every file in groups, and names the files in the report and at a failure", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "deno.json"), '{ "test": { "permissions": {} } }');
    const tests = {
      "first/good": "() => {}",
      "first/bad": "() => { throw new Error() }",
      "second/good": "() => {}",
      "third/ignored": "() => {}",
    };
    for (const [name, body] of Object.entries(tests)) {
      const path = join(folder, "tests", `${name}_test.ts`);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeTextFile(path, `Deno.test("${name}", ${body});\n`);
    }
    const whole = await runTests(folder, "--junit-path=report.xml", "--ignore=./tests/third/");
    assertEquals(whole.code, 1, whole.output);
    assertStringIncludes(whole.output, "2 passed | 1 failed");
    assertStringIncludes(whole.output, "first/bad => ./tests/first/bad_test.ts:1:6");
    const report = await Deno.readTextFile(join(folder, "report.xml"));
    const files = [...report.matchAll(/<testcase name="([^"]*)" classname="([^"]*)"/g)].map((
      [, name, file],
    ) => [name, file]);
    assertEquals(
      files.toSorted(),
      ["first/bad", "first/good", "second/good"].map((name) => [name, `./tests/${name}_test.ts`]),
    );

    const part = await runTests(folder, "tests/second", "--filter", "good");
    assertEquals(part.code, 0, part.output);
    assertStringIncludes(part.output, "./tests/second/good_test.ts => second/good ... ok");
    assertStringIncludes(part.output, "1 passed | 0 failed");
  }));
