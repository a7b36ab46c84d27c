import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { openEvidence, sealEvidence } from "../../lib/base/mod.ts";
import { command } from "../../scripts/environments.ts";
import { callCommand } from "../helpers/call_command.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Run the script in another folder, as its task does. */
async function run(folder: string, args: readonly string[]): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "-P=gate",
      "--config",
      join(ROOT, "deno.json"),
      join(ROOT, "scripts", "environments.ts"),
      ...args,
    ],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

Deno.test("environments tests this system, and joins its report with others", () =>
  inTempDir(async (folder) => {
    const args = ["test", "--tests", "tests/stats/quantile_test.ts", "--output", "here.json"];
    const tested = await run(folder, args);
    assertEquals(tested.code, 0, tested.err);
    assertMatch(
      tested.out,
      /^pass {5}self-test: 4 steps\npass {5}tests: \d+ tests\nThe sealed report is .*here\.json\n$/,
    );
    const report = openEvidence(await Deno.readTextFile(join(folder, "here.json")), {
      schema: "civitai-dl/environment",
    });
    assertEquals(report.settings, { tests: "tests/stats/quantile_test.ts" });
    // The checkout may have uncommitted changes while this test runs, and no commit at all in an archive.
    const commit = { sha: "c".repeat(40), isDirty: false, ref: "main" };
    const clean = (name: string, system: unknown) =>
      Deno.writeTextFile(join(folder, name), JSON.stringify(sealEvidence({ ...report, commit, system })));
    await clean("here.json", report.system);
    const alone = await run(folder, ["join", "here.json", "--output", "all.json"]);
    assertEquals(alone.code, 3, alone.err);
    const others = ["linux", "macos", "windows"].filter((system) => system !== report.system);
    for (const system of others) {
      assertStringIncludes(alone.out, `missing  ${system}: no report was given\n`);
      await clean(`${system}.json`, system);
    }
    const joined = await run(folder, [
      "join",
      "here.json",
      ...others.map((system) => `${system}.json`),
      "--output",
      "all.json",
    ]);
    assertEquals(joined.code, 0, joined.err);
    const all = openEvidence(await Deno.readTextFile(join(folder, "all.json")), { schema: "civitai-dl/environments" });
    assertEquals((all.claims as { id: string }[]).map(({ id }) => id), ["linux", "macos", "windows"]);
  }));

Deno.test("environments ends with 1 if a test fails, and writes the report", () =>
  inTempDir(async (folder) => {
    const test = join(folder, "bad_test.ts");
    await Deno.writeTextFile(test, 'Deno.test("it breaks", () => {\n  throw new Error("as expected");\n});\n');
    const { code, out } = await run(folder, ["test", "--tests", relative(ROOT, test), "--output", "here.json"]);
    assertEquals(code, 1);
    assertMatch(out, /fail {5}tests: 1 tests; .*bad_test\.ts: "it breaks": .*as expected/);
    const report = openEvidence(await Deno.readTextFile(join(folder, "here.json")));
    assert(JSON.stringify(report.claims).includes('"verdict":"fail"'));
  }));

Deno.test("environments does not pass if no test ran", () =>
  inTempDir(async (folder) => {
    const { code, out } = await run(folder, ["test", "--tests", join(folder, "none_test.ts"), "--output", "here.json"]);
    assertEquals(code, 1, out);
  }));

for (
  const [args, message] of [
    [[], "ACTION"],
    [["show"], "show"],
    [["join"], "Cannot join reports: none was given"],
    [["join", "no/such.json"], 'Cannot read "no/such.json": there is no such file'],
    [["test", "x.json"], 'Cannot understand "x.json" after test'],
  ] as const
) {
  Deno.test(`environments refuses ${args.join(" ") || "no action"}`, async () => {
    const { code, err } = await callCommand(command, args);
    assertEquals(code, 2);
    assertStringIncludes(err, message);
  });
}
