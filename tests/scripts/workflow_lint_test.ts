import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "../../scripts/workflow_lint.ts";
import { callCommand } from "../helpers/call_command.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FIXTURES = join(ROOT, "tests", "checks", "workflows", "fixtures");
const SPECIFIED = [join(FIXTURES, "specified_ci.yml"), join(FIXTURES, "specified_benchmark.yml")];

interface Found {
  readonly findings: readonly { readonly file: string; readonly line: number; readonly rule: string }[];
}

Deno.test("workflow-lint finds no fault in the workflows of this repository", async () => {
  const { code, out } = await callCommand(command, []);
  assertEquals([code, out], [
    0,
    out.replace(/^.*fault.*\n/gm, `No faults in 6 workflows of ${join(ROOT, ".github", "workflows")}\n`),
  ]);
});

Deno.test("workflow-lint finds the faults of the workflows in the specification", async () => {
  const { code, out } = await callCommand(command, ["--json", ...SPECIFIED]);
  const { findings } = JSON.parse(out) as Found;
  const lines = (rule: string) =>
    findings.filter((one) => one.rule === rule).map(({ file, line }) =>
      `${file.includes("ci.yml") ? "ci" : "bench"} ${line}`
    );
  assertEquals(code, 1);
  assertEquals(lines("actionlint"), ["bench 38", "ci 20", "ci 51", "ci 104"]);
  assertEquals(lines("unpinned-action").length, 9);
  assertEquals(lines("script-injection"), ["bench 27", "bench 28", "bench 29", "ci 79", "ci 84"]);
  assertEquals(lines("impossible-event"), ["bench 37", "ci 92"]);
  assertEquals(lines("no-checkout"), ["bench 25"]);
  assertEquals(lines("no-setup"), ["bench 25", "ci 47", "ci 63", "ci 83", "ci 100"]);
  assertEquals(lines("long-timeout"), ["ci 94"]);
  assertEquals(lines("no-timeout"), ["bench 20"]);
  assertEquals(lines("no-permissions"), ["bench 20", "ci 12", "ci 38", "ci 54", "ci 67", "ci 91"]);
  assertEquals(lines("kept-credentials").length, 5);
  assertEquals(lines("silent-artifact"), ["ci 104"]);
  assertEquals(findings.length, 40);
});

Deno.test("workflow-lint names file and line of a file that is not YAML, and of one that is no workflow", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "broken.yml");
    await Deno.writeTextFile(path, "on: push\njobs: [\n");
    const broken = await callCommand(command, [path]);
    assertEquals([broken.code, broken.err], [1, ""]);
    assertMatch(broken.out, /broken\.yml:\d: invalid YAML: .* \(not-a-workflow\)\n/);
    assertStringIncludes(broken.out, "1 fault in 1 workflow\n");
    await Deno.writeTextFile(path, "on: push\njobs:\n  a:\n    needs: b\n    runs-on: [ubuntu-latest\n    ]\n");
    const { out } = await callCommand(command, [path]);
    assertMatch(out, /broken\.yml:4: Unresolved job: .* \(schema\)\n/);
    assertMatch(out, /broken\.yml:3: .*"b".* \(actionlint\)\n/);
  }));

Deno.test("workflow-lint names the key that is wrong, not only that no form fits, and accepts newer rights", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "wrong.yml");
    const job = "runs-on: ubuntu-latest\n    permissions: {attestations: write, RIGHT: read}\n    steps: [{run: echo}]";
    const write = (right: string) =>
      Deno.writeTextFile(
        path,
        `on: push\njobs:\n  publish:\n    timeout-minutes: 1\n    ${job.replace("RIGHT", right)}\n`,
      );
    await write("content");
    const { out } = await callCommand(command, [path]);
    assertMatch(out, /wrong\.yml:6: .*Additional property 'content' is not allowed \(schema\)\n/);
    await write("contents");
    assertEquals((await callCommand(command, [path])).out, "No faults in 1 workflow\n");
  }));

Deno.test("workflow-lint refuses a file that does not exist", async () => {
  const { code, err } = await callCommand(command, ["no/such.yml"]);
  assertEquals(code, 2);
  assertMatch(err, /Cannot lint ".*such\.yml": there is no such file/);
});

/** Run the task's script where npm cannot be reached. */
async function runOffline(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly text: string }> {
  const args = ["run", "-q", "--no-prompt", "-P=checking", join(ROOT, "scripts", "workflow_lint.ts"), ...SPECIFIED];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9", NO_COLOR: "1", ...env },
  }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("workflow-lint needs no network once its linters are in the cache", async () => {
  const { code, text } = await runOffline({});
  assertEquals(code, 1, text);
  assertStringIncludes(text, "too old to run on GitHub Actions");
  assert(text.endsWith("40 faults in 2 workflows\n"), text);
});
