import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists, walk } from "@std/fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));

/** Run a task of this checkout from another folder. */
async function runTask(folder: string, words: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  // A task that runs these tests has exported its own folder to all its processes.
  const { INIT_CWD: _, ...own } = Deno.env.toObject();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", "--config", join(ROOT, "deno.json"), ...words],
    cwd: folder,
    stdin: "null",
    clearEnv: true,
    // The variables of the user's shell name another folder.
    env: { ...own, OLDPWD: "/", PWD: "/", NO_COLOR: "1", XDG_CONFIG_HOME: folder, ...variables },
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

Deno.test("what a task prints before it runs fits on a line", () => {
  for (const [name, { command }] of Object.entries<{ command: string }>(tasks)) {
    assert(command.length <= 100, `${name}: ${command}`);
  }
});

Deno.test("no task that runs the program stops at a permission prompt", () => {
  for (const [name, { command }] of Object.entries<{ command: string }>(tasks)) {
    if (command.includes("-P=") && command.includes("deno run")) assert(command.includes(" --no-prompt "), name);
  }
});

Deno.test("deno task download resolves lists, configuration, output and logs in the user's folder", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox(PLAIN);
    const [model, other] = [...sandbox.catalog.models()];
    await Deno.writeTextFile(join(folder, "mine.txt"), `model:${model!.id}\n`);
    await Deno.writeTextFile(join(folder, "models.txt"), `${other!.id}\n`);
    await Deno.writeTextFile(join(folder, "my.yml"), "reserve: 0\ndownload:\n  images: false\n");
    const env = { CIVITAI_API_KEY: sandbox.token };
    const words = [
      "--base-url",
      sandbox.apiOrigin,
      "--from",
      "mine.txt",
      "--models",
      "models.txt",
      "--config",
      "my.yml",
    ];
    const named = await runTask(folder, ["download", ...words, "-o", "library"], env);
    assertEquals(named.code, 0, named.err);
    assertEquals((await runTask(folder, ["verify", "-o", "library"])).out.startsWith("2 files: 2 ok"), true);
    assert(await exists(join(folder, "logs", "download.log")));

    await Deno.writeTextFile(join(folder, "default_output_dir.txt"), "usual\n");
    const usual = await runTask(folder, ["download", ...words], env);
    assertEquals(usual.code, 0, usual.err);
    assert(await exists(join(folder, "usual", ".civitai-dl", "catalog.db")));
    // Files in the working folder are found by default.
    await Deno.rename(join(folder, "my.yml"), join(folder, "civitai-dl.yml"));
    await Deno.writeTextFile(join(folder, "api_key.md"), `API_KEY=${sandbox.token}\n`, { mode: 0o600 });
    const shown = (await runTask(folder, ["config", "show"])).out;
    assertStringIncludes(shown, "Configuration: civitai-dl.yml");
    assertStringIncludes(shown, '\n  output: "usual" (default_output_dir.txt)\n');
    assertStringIncludes(shown, '\n  token: "[redacted]" (api_key.md)\n');
    assertEquals(shown.includes(sandbox.token), false);
  }));

Deno.test("commands with --sandbox ignore the libraries of environment, configuration and file", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "default_output_dir.txt"), "from-file\n");
    await Deno.writeTextFile(
      join(folder, "civitai-dl.yml"),
      "output: from-config\nreserve: 0\ndownload:\n  images: false\n",
    );
    const options = { folder, origins: ["http://127.0.0.1"] };
    const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      startProgram(words, { ...options, env: { XDG_CONFIG_HOME: folder, ...env } }).ended;
    const words = ["download", "--sandbox", "--query", "copper", "--limit", "1"];
    const first = await run(words, { CIVITAI_DL_OUTPUT: "from-environment" });
    assertEquals(first.code, 0, first.stderr);
    assertStringIncludes(first.stderr, `The sandbox's library is ${join(folder, "sandbox_downloads")}`);
    const lost = (await Array.fromAsync(walk(join(folder, "sandbox_downloads"), { exts: [".safetensors"] })))[0]!;
    await Deno.remove(lost.path);
    const verified = await run(["verify", "--sandbox"], { CIVITAI_DL_OUTPUT: "from-environment" });
    assertEquals(verified.code, 7, verified.stderr);
    assertMatch(verified.stdout, /Repair them with: .*repair --sandbox$/m);
    assertEquals((await run(["repair", "--sandbox"])).code, 0);
    // The ports of the sandbox that served the download are closed.
    const healthy = await run(["health-check", "--sandbox", "--only", "catalog,storage"]);
    assertEquals(healthy.code, 0, healthy.stdout);
    assertStringIncludes(healthy.stdout, "quick_check passed");
    assertEquals((await run([...words, "-o", "named"])).code, 0);
    assertEquals((await run([...words, "--test-mode"])).code, 0);
    const made = (await Array.fromAsync(Deno.readDir(folder))).filter((entry) => entry.isDirectory);
    assertEquals(made.map((entry) => entry.name).sort(), ["logs", "named", "sandbox_downloads", "test_downloads"]);
  }));
