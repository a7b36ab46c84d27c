import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { readActive } from "../../lib/monitor/mod.ts";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { becomes } from "../helpers/becomes.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { downloadWords } from "./scenarios/download_words.ts";

Deno.test("after a hold is released, all files of a run arrive at once while the first is still under way", () =>
  inTempDir(async (folder) => {
    const size = 2_400_000;
    await using sandbox = await startSandbox({
      size: { creators: 1, modelsPerCreator: 3 },
      versionsPerModel: { min: 1, max: 1 },
      filesPerVersion: { min: 1, max: 1 },
      imagesPerVersion: { min: 0, max: 0 },
      galleryPerVersion: 0,
      requireLogin: 0,
      outcomes: {},
      nastyNames: 0,
      fileSizes: [size, size, size],
      toxics: [{ type: "bandwidth", bytesPerSecond: 160_000, on: ["storage"] }],
    });
    const state = join(folder, "library", ".civitai-dl", "state");
    Failsafe.request(state, { type: "hold", mode: "stable" });
    const program = startProgram(downloadWords(sandbox, ["--no-images"]), {
      folder,
      origins: [sandbox.apiOrigin, sandbox.storageOrigin],
      env: { CIVITAI_API_KEY: sandbox.token, XDG_CONFIG_HOME: folder },
    });
    const flowing = async (): Promise<number> => {
      const [run] = await readActive(join(state, "active"), { now: Date.now() });
      return run?.downloads.filter(({ bytesPerSecond }) => bytesPerSecond > 0).length ?? 0;
    };
    assert(await becomes(async () => await flowing() === 1, 20_000));
    Failsafe.request(state, { type: "release" });
    assert(await becomes(async () => await flowing() === 3, 15_000), "a file waits although the mode is turbo");
    sandbox.setToxics([]);
    const { code, stderr } = await program.ended;
    assertEquals(code, 0, stderr);
  }));
