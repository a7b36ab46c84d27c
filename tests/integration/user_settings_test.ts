import { assertEquals, assertMatch } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Run a script of the checkout with the permissions of its task, in another folder. */
async function runScript(folder: string, words: readonly string[], env: Readonly<Record<string, string>>) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--no-check", "--config", join(ROOT, "deno.json"), ...words],
    cwd: folder,
    stdin: "null",
    env,
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("the library of the user's configuration stops no command whose output is a report", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, "config", "civitai-dl"), { recursive: true });
    const settings = "output: real\nengine: stable\nquota: 1\nlogs: logs\ndownload:\n  users: users.txt\n";
    await Deno.writeTextFile(join(folder, "config", "civitai-dl", "civitai-dl.yml"), settings);
    const env = { XDG_CONFIG_HOME: join(folder, "config") };
    const gate = ["-P=gate", join(ROOT, "scripts", "gate.ts"), "--phase", "1", "--only", "timeout-rate"];
    const judged = await runScript(ROOT, [...gate, "--evidence", folder], env);
    assertEquals(judged.code, 3, judged.stderr);
    const release = ["-P=release", join(ROOT, "scripts", "release.ts"), "status", "--offline", "--repo", ROOT];
    const status = await runScript(folder, release, env);
    // A checkout without a remote has no status; what counts is that the settings do not stop it.
    assertEquals(/civitai-dl\.yml|output/.test(status.stderr), false, status.stderr);
    const info = await startProgram(["debug-info", "--offline"], { folder, env, origins: ["http://127.0.0.1"] }).ended;
    assertEquals([info.code, await exists(join(folder, "real"))], [0, false], info.stderr);
    assertMatch(info.stdout, /civitai-dl-debug-\d{8}-\d{6}\.zip/);
  }));

Deno.test("a run in a folder with the lists of the NAS guide fetches only the model that is typed", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ size: { creators: 1, modelsPerCreator: 3 } });
    const model = [...sandbox.catalog.models()][0]!;
    await Deno.writeTextFile(
      join(folder, "civitai-dl.yml"),
      "output: library\nquota: 1000, 200G\ndownload:\n  users: users.txt\n",
    );
    await Deno.writeTextFile(join(folder, "users.txt"), `${[...sandbox.catalog.creators()][0]!.username}\n`);
    const run = startProgram(
      ["download", `model:${model.id}`, "--dry-run", "--json", "--base-url", sandbox.apiOrigin],
      {
        folder,
        env: { CIVITAI_API_KEY: sandbox.token },
        origins: [sandbox.apiOrigin, sandbox.storageOrigin],
      },
    );
    const { code, stdout, stderr } = await run.ended;
    assertEquals([code, JSON.parse(stdout).plan.models], [0, 1], stderr);
  }));
