import { assert, assertEquals } from "@std/assert";
import type { ModelDocument } from "../../lib/downloader/mod.ts";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { runProgram } from "../helpers/run_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("a model has the prompts of its gallery: those of the first pictures", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ size: { creators: 1, modelsPerCreator: 1 } });
    const place = {
      folder,
      env: { CIVITAI_API_KEY: sandbox.token, NO_COLOR: "1" },
      origins: [sandbox.apiOrigin, sandbox.storageOrigin],
    };
    const { id } = sandbox.catalog.modelAt(0);
    const site = ["--base-url", sandbox.apiOrigin, "--yes", "--reserve", "0", "--latest-only"];
    const run = (...words: readonly string[]) => runProgram([...words, "-o", "library"], place);
    const { code, stderr } = await run("download", ...site, `model:${id}`, "--gallery", "20");
    assertEquals(code, 0, stderr);
    const { model } = JSON.parse((await run("show", `model:${id}`, "--json")).stdout) as { model: ModelDocument };
    const pictures = model.versions.flatMap((version) => version.pictures);
    const prompts = pictures.filter(({ prompt }) => prompt !== null);
    assert(prompts.length > 0 && prompts.length <= 8, `${prompts.length} of ${pictures.length}`);
    assert(Object.keys(prompts[0]!.meta).length > 0);
  }));
