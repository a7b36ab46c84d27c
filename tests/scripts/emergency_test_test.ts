import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { EmergencyPlace } from "../../scripts/_self_test/emergency_place.ts";
import { emergencyStages } from "../../scripts/_self_test/emergency_stages.ts";
import { runStages, type TestStep } from "../../scripts/_self_test/run_stages.ts";
import { PATH_NAMES } from "../../scripts/emergency_test.ts";
import { parseToxic } from "../../lib/sandbox/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const { signal } = new AbortController();
const ignore = Deno.build.os === "windows";

/** Return the folder of Deno's caches. */
async function denoFolder(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: ROOT }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** Open a place, let a test spoil it, and try one path. */
async function tryPath(folder: string, name: string, spoil: (place: EmergencyPlace) => void): Promise<TestStep> {
  await using place = await EmergencyPlace.open(folder, signal);
  spoil(place);
  const stage = emergencyStages(place)[name]!;
  return (await Array.fromAsync(runStages({ [name]: stage }, { signal })))[0]!;
}

Deno.test({
  name: "emergency-test passes as its task runs it, from a folder without anything, and leaves nothing behind",
  ignore,
  fn: () =>
    inTempDir(async (folder) => {
      const paths = "version,resume,fallback,rollback,alerts,secrets";
      const home = join(folder, "home");
      const temporary = join(folder, "temporary");
      for (const place of [join(home, ".cache"), temporary]) await Deno.mkdir(place, { recursive: true });
      await Deno.symlink(await denoFolder(), join(home, ".cache", "deno"), { type: "dir" });
      // Deno finds its cache in the user's home, as usual; with another one, each path would ask npm for all packages.
      const { DENO_DIR: _, XDG_CACHE_HOME: __, ...rest } = Deno.env.toObject();
      const env = { ...rest, HOME: home, TMPDIR: temporary, HTTPS_PROXY: "http://127.0.0.1:1" };
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-q",
          "--no-prompt",
          "-P=demo",
          join(ROOT, "scripts/emergency_test.ts"),
          "--json",
          "--only",
          paths,
        ],
        cwd: ROOT,
        clearEnv: true,
        env,
        stdin: "null",
      }).output();
      const text = new TextDecoder();
      assertEquals(code, 0, text.decode(stdout) + text.decode(stderr));
      const { schema, isOk, paths: tried } = JSON.parse(text.decode(stdout));
      assertEquals([schema, isOk], ["civitai-dl/emergency-test", true]);
      assertEquals(tried.map(({ name }: TestStep) => name), paths.split(","));
      assert(tried.every(({ durationMs }: TestStep) => durationMs > 0));
      assertEquals(await Array.fromAsync(Deno.readDir(temporary)), []);
    }),
});

Deno.test("emergency-test names its paths in the order of the stages", () =>
  inTempDir(async (folder) => {
    await using place = await EmergencyPlace.open(folder, signal);
    assertEquals(Object.keys(emergencyStages(place)), [...PATH_NAMES]);
  }));

Deno.test({
  name: "emergency-test finds an engine that delivers wrong bytes",
  ignore,
  fn: () =>
    inTempDir(async (folder) => {
      const corrupt = await tryPath(folder, "turbo", ({ sandbox }) => {
        sandbox.setToxics([parseToxic("corrupt,on=storage")]);
        // The path has faults of its own, after which the file has to arrive right.
        Object.assign(sandbox, { setToxics: () => {} });
      });
      assertEquals(corrupt.isOk, false);
      assertStringIncludes(corrupt.detail, "download ended with 7");
    }),
});

Deno.test({
  name: "emergency-test finds a key in an output",
  ignore,
  fn: () =>
    inTempDir(async (folder) => {
      const leak = await tryPath(folder, "secrets", (place) => place.said.push(`token ${place.sandbox.token}`));
      assertEquals([leak.isOk, leak.detail], [false, "a key or a signed URL is in output"]);
    }),
});

Deno.test("runStages tries the others after a failure, unless it has to stop", async () => {
  const stages = {
    good: () => Promise.resolve("fine"),
    bad: () => Promise.reject(new Error("broken")),
    last: () => Promise.resolve("fine"),
  };
  const all = await Array.fromAsync(runStages(stages, { signal }));
  assertEquals(all.map(({ name, isOk, detail }) => [name, isOk, detail]), [
    ["good", true, "fine"],
    ["bad", false, "Unexpected Error: broken"],
    ["last", true, "fine"],
  ]);
  const some = await Array.fromAsync(runStages(stages, { signal, stopsAtFailure: true }));
  assertEquals(some.length, 2);
});
