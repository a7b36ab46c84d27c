import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { HEALTH_CHECKS, type HealthRow } from "../../lib/health/mod.ts";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { CHECK_NAMES } from "../../scripts/_health/health_flags.ts";
import { renderHealth } from "../../scripts/_health/render_health.ts";
import { command } from "../../scripts/health_check.ts";
import { call } from "../helpers/call.ts";
import { callCommand } from "../helpers/call_command.ts";
import { runProgram } from "../helpers/run_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** Flags that name a library and logs of the test. */
function at(folder: string): readonly string[] {
  return ["--library", join(folder, "library"), "--logs", join(folder, "logs"), "--reserve", "1M"];
}

/** A library whose catalog and state are junk. */
async function makeCorrupt(folder: string): Promise<string> {
  const home = join(folder, "library", ".civitai-dl");
  await Deno.mkdir(join(home, "state"), { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(join(home, "catalog.db"), "junk", { mode: 0o600 });
  for (const name of ["failsafe.json", "rollout.json", "quota.json", "monitor.json"]) {
    await Deno.writeTextFile(join(home, "state", name), "{broken", { mode: 0o600 });
  }
  return home;
}

Deno.test("health-check names the checks of the room, in its order", () => {
  assertEquals([...CHECK_NAMES], HEALTH_CHECKS.map(({ name }) => name) as typeof CHECK_NAMES[number][]);
});

Deno.test("health-check exits with 0, 1 and 3 by its findings, and prints one document with --json", () =>
  inTempDir(async (folder) => {
    const healthy = await callCommand(command, [...at(folder), "--offline", "--json"]);
    assertEquals(healthy.code, 0, healthy.out);
    const { schema, version, status, checks } = JSON.parse(healthy.out);
    assertEquals([schema, version], ["civitai-dl/health-check", 1]);
    assertEquals(checks.length, CHECK_NAMES.length);
    assertEquals(status, "warn");
    const none = await callCommand(command, [...at(folder), "--offline", "--only", "api,clock"]);
    assertEquals(none.code, 3);
    await makeCorrupt(folder);
    const sick = await callCommand(command, [...at(folder), "--offline", "--only", "catalog"]);
    assertEquals(sick.code, 1);
    assertMatch(sick.out, /^catalog +fail +\S/m);
    assertStringIncludes(sick.out, "  → civitai-dl verify --rebuild\n");
    assertEquals((await callCommand(command, ["--only", "nonsense"])).code, 2);
    const wrong = await callCommand(command, [...at(folder), "--only", "api", "--base-url", "notaurl"]);
    assertEquals([wrong.code, wrong.out], [2, ""]);
    assertStringIncludes(wrong.err, 'Cannot use "notaurl" as the base URL: it is not an http or https URL');
  }));

Deno.test("health-check works as a process without a network and with a corrupt state folder", () =>
  inTempDir(async (folder) => {
    await makeCorrupt(folder);
    const args = ["health-check", ...at(folder), "--json", "--base-url", "http://127.0.0.1:9"];
    const run = await runProgram(args, { folder, env: {}, origins: ["http://127.0.0.1:9"] });
    assertEquals(run.code, 1, run.stderr);
    const { checks } = JSON.parse(run.stdout) as { checks: { name: string; status: string }[] };
    const failed = checks.filter(({ status }) => status === "fail").map(({ name }) => name);
    assertEquals(failed, ["api", "catalog", "state"]);
    const remedies = (JSON.parse(run.stdout).checks as { remedy: string | null }[]).map(({ remedy }) => remedy);
    const place = `--output ${join(folder, "library")} --base-url http://127.0.0.1:9`;
    assert(remedies.some((remedy) => remedy?.endsWith(` verify ${place} --rebuild`)), remedies.join("\n"));
  }));

Deno.test("health-check shows no key, wherever it is, and judges one that cannot be read", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ size: { creators: 1, modelsPerCreator: 1 } });
    const words = [...at(folder), "--base-url", sandbox.apiOrigin, "--only", "api,key", "--json"];
    const good = await callCommand(command, words, { CIVITAI_API_KEY: sandbox.token });
    assertEquals(good.code, 0, good.out);
    assertStringIncludes(good.out, "present and accepted");
    assert(!good.out.includes(sandbox.token) && !good.err.includes(sandbox.token));
    const missing = await callCommand(command, [...words, "--token-file", join(folder, "none")]);
    assertEquals(missing.code, 1);
    assertStringIncludes(missing.out, "no such file");
    await Deno.symlink("loop", join(folder, "loop"));
    const loop = await callCommand(command, [...words, "--token-file", join(folder, "loop")]);
    assertEquals(loop.code, 1, loop.err);
    assertStringIncludes(loop.out, "it is a link that leads to itself");
  }));

Deno.test("health-check refuses an address that is no URL, and fails for a file that the configuration names in vain", () =>
  inTempDir(async (folder) => {
    const { code, err } = await callCommand(command, [...at(folder), "--only", "api", "--base-url", "notaurl"]);
    assertEquals(code, 2);
    assertStringIncludes(err, 'Cannot use "notaurl" as the base URL: it is not an http or https URL');
    const byEnv = await callCommand(command, [...at(folder), "--only", "api"], { CIVITAI_DL_BASE_URL: "notaurl" });
    assertEquals(byEnv.code, 1);
    assertStringIncludes(byEnv.out.replaceAll(/\s+/g, " "), 'Cannot use "notaurl" as the base URL');
    const config = join(folder, "my.yml");
    await Deno.writeTextFile(config, `download:\n  users: ${folder}/users.txt\n`);
    const words = [...at(folder), "--only", "config", "--offline", "--json", "--config", config];
    const missing = await call(["health-check", ...words]);
    assertEquals(missing.code, 1, missing.err);
    assertStringIncludes(missing.out, "there is no file");
    assertStringIncludes(missing.out, "config check --config");
  }));

Deno.test("health-check names a file that is in the place of the logs or the library, and how to move it", () =>
  inTempDir(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    const library = join(folder, "library");
    const logs = join(folder, "logs");
    const failedIn = async (...words: readonly string[]): Promise<readonly string[]> => {
      const { out, code } = await callCommand(command, [...words, "--reserve", "1M", "--offline", "--json"]);
      assertEquals(code, 1, out);
      const checks = (JSON.parse(out).checks as HealthRow[]).filter(({ status }) => status === "fail");
      for (const { measured, remedy, afterwards } of checks) {
        assertEquals([measured, remedy], [`${file} is a file, not a folder`, `mv -i ${file} ${file}.old`]);
        assertEquals(afterwards, "civitai-dl doctor");
      }
      return checks.map(({ name }) => name);
    };
    assertEquals(await failedIn("--library", library, "--logs", file), ["permissions", "memory", "timeouts"]);
    assertEquals(await failedIn("--library", file, "--logs", logs), ["write", "permissions", "state"]);
  }));

Deno.test("commands for an emergency work with a broken configuration, and health-check fails its check", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "civitai-dl.yml");
    for (const text of ["foo: 1\n", "library: [\n", "health-check:\n  only: nonsense\n"]) {
      await Deno.writeTextFile(path, text);
      const { code, out } = await call([
        "health-check",
        "--config",
        path,
        ...at(folder),
        "--offline",
        "--only",
        "config",
      ]);
      assertEquals(code, 1, text + out);
      assertMatch(out, /^config +fail +Cannot use\s/m);
      assertStringIncludes(out, `→ civitai-dl config check --config ${path}\n`);
      const explained = await call(["doctor", "timeout", "--config", path]);
      assertEquals(explained.code, 0, explained.err);
      // A wrong value of another command's flag is none of its business.
      if (text.startsWith("health-check")) assertEquals(explained.err, "");
      else assertMatch(explained.err, /^warning: The configuration is not used: Cannot use .*civitai-dl\.yml:\d/);
    }
    await Deno.writeTextFile(path, "reserve: 1M\n");
    const sound = await call(["health-check", "--config", path, ...at(folder), "--offline", "--only", "config"]);
    assertEquals([sound.code, sound.err], [0, ""]);
    const none = await call(["health-check", "--config", `${path}.no`, ...at(folder), "--offline", "--only", "config"]);
    assertStringIncludes(none.out.replaceAll(/\s+/g, " "), "no such file");
  }));

Deno.test("renderHealth() wraps text to 80 columns, and never breaks a command", () => {
  const command = `civitai-dl verify --rebuild --output /${"long/".repeat(20)}models`;
  const row = {
    name: "permissions",
    status: "fail",
    problem: null,
    measured: "a very long finding ".repeat(12),
    remedy: command,
    afterwards: "civitai-dl repair",
    advice: "something to do between the two commands ".repeat(4),
    ja: { name: "", measured: "", advice: null },
    figures: {},
    durationMs: 1,
  } as const;
  for (const width of [80, Infinity]) {
    const text = renderHealth([row], { color: false, width, language: "en", now: Date.now() });
    const lines = text.split("\n");
    assertStringIncludes(text, `→ ${command}\n`);
    assertEquals(lines.filter((line) => line.length > 80 && !line.includes("→")), []);
    assert(
      lines.findIndex((line) => line.includes(command)) <
        lines.findIndex((line) => line.includes("→ civitai-dl repair")),
    );
  }
});

Deno.test("health-check says that Civitai refused a link, because the run before logged it", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ size: { creators: 1, modelsPerCreator: 2 }, downloadQuota: 1 });
    const env = { CIVITAI_API_KEY: sandbox.token, CIVITAI_DL_BASE_URL: sandbox.apiOrigin };
    const [creator] = sandbox.catalog.creators();
    const words = [
      "download",
      "--user",
      creator!.username,
      "--yes",
      "--reserve",
      "1M",
      "--no-images",
      "--gallery",
      "0",
    ];
    const origins = [sandbox.apiOrigin, sandbox.storageOrigin];
    await runProgram([...words, "-o", join(folder, "library")], { folder, env, origins });
    const { out, code } = await callCommand(command, [...at(folder), "--only", "quota", "--offline"], env);
    assertEquals(code, 1, out);
    assertStringIncludes(out.replaceAll(/\s+/g, " "), "Civitai refused a link at ");
    assertStringIncludes(out, "→ civitai-dl download\n");
  }));
