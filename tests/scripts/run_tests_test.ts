import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCRIPT = join(ROOT, "scripts", "run_tests.ts");

interface Ran {
  readonly code: number;
  readonly output: string;
  /** The last line of what it printed about the tests. */
  readonly lastLine: string;
}

/** Variables of somebody who uses the program in Japanese. */
const OWN = {
  CIVITAI_API_KEY: "own",
  CIVITAI_DL_OUTPUT: "/own",
  LANG: "ja_JP.UTF-8",
  LANGUAGE: "ja",
  LC_ALL: "ja_JP.UTF-8",
  FORCE_COLOR: "1",
  GIT_AUTHOR_NAME: "own",
};

/** Run the `test` task in a folder, as `deno task` does. */
async function runTests(folder: string, ...args: readonly string[]): Promise<Ran> {
  const temporary = join(folder, "tmp");
  await Deno.mkdir(temporary, { recursive: true });
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-P=gate", "--config", join(ROOT, "deno.json"), SCRIPT, ...args],
    cwd: folder,
    env: { ...OWN, TMPDIR: temporary },
  }).output();
  assertEquals(await Array.fromAsync(Deno.readDir(temporary)), []);
  const text = new TextDecoder().decode(stdout);
  return { code, output: text + new TextDecoder().decode(stderr), lastLine: text.trimEnd().split("\n").at(-1)! };
}

/** Write test files by their paths below `tests/`, without their endings. */
async function writeTests(folder: string, tests: Readonly<Record<string, string>>): Promise<void> {
  const permissions = '{ "test": { "permissions": { "env": true, "read": true, "write": true, "run": true } } }';
  await Deno.writeTextFile(join(folder, "deno.json"), permissions);
  for (const [name, body] of Object.entries(tests)) {
    const path = join(folder, "tests", `${name}_test.ts`);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, `Deno.test("${name}", ${body});\n`);
  }
}

Deno.test("the test task runs every file in groups, and names the files in the report and at a failure", () =>
  inTempDir(async (folder) => {
    await writeTests(folder, {
      "first/good": "() => {}",
      "first/bad": "() => { throw new Error() }",
      "second/good": "() => {}",
      "third/ignored": "() => {}",
    });
    const whole = await runTests(folder, "--junit-path=report.xml", "--ignore=./tests/third/");
    assertEquals(whole.code, 1, whole.output);
    assertStringIncludes(whole.output, "2 passed | 1 failed");
    assertStringIncludes(whole.output, "first/bad => ./tests/first/bad_test.ts:1:6");
    // Whatever follows, the names are the end of the output.
    assertEquals(whole.lastLine, "failed: tests/first/bad_test.ts:1:6 first/bad");
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

Deno.test("the test task gives tests the same environment, whoever runs it", () =>
  inTempDir(async (folder) => {
    const note = `
      const { stdout } = await new Deno.Command("env").output();
      const note = {
        variables: new TextDecoder().decode(stdout),
        terminals: [Deno.stdin, Deno.stdout, Deno.stderr].filter((one) => one.isTerminal()).length,
        home: Array.from(Deno.readDirSync(Deno.env.get("HOME")), ({ name }) => name),
      };
      Deno.writeTextFileSync("note.json", JSON.stringify(note));
    `;
    await writeTests(folder, { "first/note": `async () => {${note}}` });
    for (const args of [[], ["tests/first"]]) {
      const { code, output } = await runTests(folder, ...args);
      assertEquals(code, 0, output);
      const { variables, terminals, home } = JSON.parse(await Deno.readTextFile(join(folder, "note.json")));
      const found = new Map<string, string>(variables.split("\n").map((line: string) => line.split("=", 2)));
      assertEquals(Object.keys(OWN).filter((name) => found.has(name)), ["LANG"]);
      assertEquals(["LANG", "NO_COLOR", "TZ"].map((name) => found.get(name)), ["C.UTF-8", "1", "UTC"]);
      assertEquals([terminals, home], [0, [".gitconfig"]]);
      assert(!output.includes("\x1b["), output);
    }
  }));

Deno.test("the test task fails if tests leave a file in the temporary folder, and names it", () =>
  inTempDir(async (folder) => {
    const leave = `() => Deno.writeTextFileSync(Deno.makeTempDirSync({ prefix: "own-" }) + "/alerts.json", "")`;
    await writeTests(folder, { "first/leave": leave });
    for (const args of [[], ["tests/first"]]) {
      const { code, output, lastLine } = await runTests(folder, ...args);
      assertEquals(code, 1, output);
      assertMatch(lastLine, /^left behind: .*own-[^/]*: alerts\.json$/);
    }
  }));
