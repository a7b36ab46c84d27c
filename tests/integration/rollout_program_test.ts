import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { RolloutStore } from "../../lib/rollout/mod.ts";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { planOf } from "../rollout/_plans.ts";
import { downloadWords } from "./scenarios/download_words.ts";

const HALF = planOf("{ setWeight: 50 }, { pause: until-promoted }, { setWeight: 100 }");

for (
  const { name, words, env, isFollowed } of [
    { name: "without a flag for the engine follows the rollout", words: [], env: {}, isFollowed: true },
    { name: "--engine wins over the rollout", words: ["--engine", "turbo"], env: {}, isFollowed: false },
    { name: "--force-sync-mode wins over the rollout", words: ["--force-sync-mode"], env: {}, isFollowed: false },
    {
      name: "with CIVITAI_DL_DISABLE_EXPERIMENTAL=1 ignores the rollout",
      words: [],
      env: { CIVITAI_DL_DISABLE_EXPERIMENTAL: "1" },
      isFollowed: false,
    },
  ]
) {
  Deno.test(`download ${name}`, () =>
    inTempDir(async (folder) => {
      await using sandbox = await startSandbox({ ...PLAIN, size: { creators: 1, modelsPerCreator: 20 } });
      const store = new RolloutStore(join(folder, "library", ".civitai-dl", "state"), { command: "test" });
      await store.request({ type: "start", plan: HALF });
      const { code, stderr } = await startProgram(downloadWords(sandbox, ["--no-images", ...words]), {
        folder,
        origins: [sandbox.apiOrigin, sandbox.storageOrigin],
        env: { CIVITAI_API_KEY: sandbox.token, XDG_CONFIG_HOME: folder, ...env },
      }).ended;
      assertEquals(code, 0, stderr);
      const { canary, baseline } = (await store.read()).arms;
      assertEquals(canary.ok > 0 && baseline.ok > 0, isFollowed, JSON.stringify([canary, baseline]));
      assertEquals(canary.errors + canary.timeouts + canary.integrity, 0);
    }));
}

Deno.test("download aborts a canary that often fails: one notice, one line in the log, and every file complete", () =>
  inTempDir(async (folder) => {
    // The first request for every other file fails.
    await using sandbox = await startSandbox({
      ...PLAIN,
      size: { creators: 1, modelsPerCreator: 20 },
      toxics: [{ type: "serverError", status: 500, rate: 0.5, first: 1, on: ["storage"] }],
    });
    const store = new RolloutStore(join(folder, "library", ".civitai-dl", "state"), { command: "test" });
    await store.request({
      type: "start",
      plan: planOf("{ setWeight: 99 }, { pause: until-promoted }, { setWeight: 100 }"),
    });
    const { code, stderr } = await startProgram(downloadWords(sandbox, ["--no-images", "--max-retries", "0"]), {
      folder,
      origins: [sandbox.apiOrigin, sandbox.storageOrigin],
      env: { CIVITAI_API_KEY: sandbox.token, XDG_CONFIG_HOME: folder },
    }).ended;
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /rollout fast: running → degraded, 0 %: \d+ of \d+ canary downloads failed/);
    const lines = (await Deno.readTextFile(join(folder, "logs", "download.log"))).split("\n");
    assertEquals(lines.filter((line) => line.includes('"action":"abort"')).length, 1);
    // Metrics and alerts learn of it, too.
    const report = await startProgram(["check-alerts", "--library", "library", "--json"], {
      folder,
      origins: [sandbox.apiOrigin],
      env: { XDG_CONFIG_HOME: folder },
    }).ended;
    assertMatch(report.stdout, /RolloutStopped/);
    const { state, events } = await store.read();
    assertEquals([state, events.map(({ action }) => action)], ["degraded", ["start", "abort"]]);
    assert(lines.length > 20);
  }));
