import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { watchLibrary } from "../helpers/watched_library.ts";

const FILES = 12;

Deno.test("the page, doctor and status name a storage that never answered, since when, and how many files wait", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({
      ...PLAIN,
      size: { creators: 1, modelsPerCreator: FILES },
      toxics: [{ type: "silence", on: ["storage"] }],
    });
    const { token, apiOrigin, storageOrigin } = sandbox;
    const { host } = new URL(storageOrigin);
    const place = {
      folder,
      origins: [apiOrigin, storageOrigin],
      env: { CIVITAI_API_KEY: token, CIVITAI_DL_BASE_URL: apiOrigin, XDG_STATE_HOME: folder },
    };
    const models = [...sandbox.catalog.models()].flatMap((model) => ["--model", String(model.id)]);
    await using watched = await watchLibrary(folder, { interval: "1s" });
    const words = ["download", ...models, "--yes", "--no-images", "--reserve", "0", "-o", "library"];
    const run = startProgram(words, place);
    try {
      const sentence = new RegExp(`^No byte has arrived from ${host} since \\S+ \\(\\d+s\\): ${FILES} files wait$`);
      await watched.secondsUntil(async () => sentence.test(await watched.headline()), 90);

      const library = ["--library", join(folder, "library"), "--language", "en"];
      const status = await startProgram(["status", ...library], place).ended;
      assertMatch(
        status.stdout.split("\n")[0]!,
        new RegExp(`No byte has arrived from ${host} since .*: ${FILES} files wait`),
      );

      await watched.secondsUntil(async () => ((await watched.status()).silence?.ms ?? 0) > 31_000, 60);
      const doctor = await startProgram(["doctor", ...library, "--reserve", "0"], place).ended;
      const [first, second] = doctor.stdout.split("\n");
      assertMatch(
        first!,
        new RegExp(`^Nothing arrives: no byte from ${host} since \\d\\d:\\d\\d \\(\\d+s\\), and ${FILES} files wait$`),
      );
      assertEquals(second, `→ curl -sSI --max-time 10 ${storageOrigin}`);
    } finally {
      run.kill("SIGKILL");
      await run.ended;
    }
  }));

Deno.test("the page names an API that accepts a listing and never answers, while the run waits for it", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({
      ...PLAIN,
      size: { creators: 1, modelsPerCreator: 1 },
      toxics: [{ type: "silence", on: ["api"] }],
    });
    const { token, apiOrigin, storageOrigin } = sandbox;
    const place = {
      folder,
      origins: [apiOrigin, storageOrigin],
      env: { CIVITAI_API_KEY: token, CIVITAI_DL_BASE_URL: apiOrigin, XDG_STATE_HOME: folder },
    };
    await using watched = await watchLibrary(folder, { interval: "1s" });
    const words = ["download", "--user", "somebody", "--yes", "--no-images", "--reserve", "0", "-o", "library"];
    const run = startProgram(words, place);
    try {
      const { host } = new URL(apiOrigin);
      const sentence = new RegExp(`^No byte has arrived from ${host} since \\S+ \\(\\d+s\\): the listing waits$`);
      await watched.secondsUntil(async () => sentence.test(await watched.headline()), 90);
    } finally {
      run.kill("SIGKILL");
      await run.ended;
    }
  }));
