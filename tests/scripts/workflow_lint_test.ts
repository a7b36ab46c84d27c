import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "../../scripts/workflow_lint.ts";
import { callCommand } from "../helpers/call_command.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
Deno.test("workflow-lint finds no fault in the workflows of this repository", async () => {
  const { code, out } = await callCommand(command, []);
  assertEquals([code, out], [
    0,
    out.replace(/^.*fault.*\n/gm, `No faults in 5 workflows of ${join(ROOT, ".github", "workflows")}\n`),
  ]);
});

Deno.test("workflow-lint names file and line of a file that is not YAML, and of one that is no workflow", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "broken.yml");
    await Deno.writeTextFile(path, "on: push\njobs: [\n");
    const broken = await callCommand(command, [path]);
    assertEquals([broken.code, broken.err], [1, ""]);
    assertMatch(broken.out, /broken\.yml:\d: .* \(actionlint\)\n/);
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

Deno.test("workflow-lint needs no network once its linters are in the cache", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "old.yml");
    await Deno.writeTextFile(
      path,
      "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{uses: actions/checkout@v1}]\n",
    );
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "-P=checking", join(ROOT, "scripts", "workflow_lint.ts"), path],
      cwd: ROOT,
      env: { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9", NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals(code, 1, text);
    assertStringIncludes(text, "too old to run on GitHub Actions");
  }));
