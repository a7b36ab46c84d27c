import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../lib/sandbox/mod.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { mountSmallDisk, noSmallDisk } from "../helpers/small_disk.ts";
import { type RunningProgram, startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { watchLibrary } from "../helpers/watched_library.ts";

const SIZE = { creators: 1, modelsPerCreator: 8 };
const why = await noSmallDisk();

Deno.test("a monitor shows a run that ended badly, until one succeeds: a key that was revoked", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({
      ...PLAIN,
      requireLogin: 1,
      size: SIZE,
      fileBytes: { min: 30_000, max: 40_000 },
    });
    const { token, apiOrigin, storageOrigin } = sandbox;
    const start = (...words: readonly string[]) =>
      startProgram(
        ["download", "--yes", "--no-images", "--reserve", "0", "-o", "library", "--base-url", apiOrigin, ...words],
        { folder, origins: [apiOrigin, storageOrigin], env: { CIVITAI_API_KEY: token } },
      );
    const everything = [...sandbox.catalog.models()].flatMap((model) => ["--model", String(model.id)]);
    await using watched = await watchLibrary(folder, { interval: "1s" });
    const says = (pattern: RegExp) => async () => pattern.test(await watched.headline());

    // The key is revoked after the first files.
    const cut = start(...everything, "--limit-rate", "100K", "--engine", "stable");
    await watched.secondsUntil(async () => ((await watched.status()).library?.byState.done ?? 0) > 0, 60);
    sandbox.setToken("another-token-0123456789");
    assertEquals((await cut.ended).code, 5);
    await watched.secondsUntil(says(/^The last run \(download\) ended with exit 5: Cannot use the API key/), 30);
    assertMatch(await watched.headline(), /; \d files are left$/);
    const measures = (pattern: RegExp) => async () => pattern.test(await watched.metrics());
    await watched.secondsUntil(measures(/^civitai_dl_key_refused\{origin="CIVITAI_API_KEY"\} 1$/m), 30);
    await watched.secondsUntil(measures(/^civitai_dl_run_failed 1$/m), 30);

    // With a key that works, all is clear.
    sandbox.setToken(token);
    assertEquals((await start(...everything).ended).code, 0);
    await watched.secondsUntil(says(/^No downloader is running/), 30);
  }));

for (
  const { name, exitCode, fault, ended } of [
    {
      name: "an API that hangs",
      exitCode: 6,
      fault: (sandbox: Sandbox) => sandbox.setToxics([{ type: "silence", on: ["api", "download"] }]),
      ended: /^The last run \(download\) ended with exit 6: .*no answer within 5s/,
    },
    {
      name: "SIGKILL",
      exitCode: 137,
      fault: (_: Sandbox, run: RunningProgram) => run.kill("SIGKILL"),
      ended: /^The last run \(download\) was killed before its end$/,
    },
  ]
) {
  Deno.test(`a monitor shows a run that ended badly, until one succeeds: ${name}`, () =>
    inTempDir(async (folder) => {
      await using sandbox = await startSandbox({
        ...PLAIN,
        size: { creators: 1, modelsPerCreator: 20 },
        fileBytes: { min: 30_000, max: 40_000 },
        toxics: [{ type: "bandwidth", bytesPerSecond: 30_000, on: ["storage"] }],
      });
      const { token, apiOrigin, storageOrigin } = sandbox;
      const everything = [...sandbox.catalog.models()].flatMap((model) => ["--model", String(model.id)]);
      const words = ["download", "--yes", "--no-images", "--reserve", "0", "-o", "library", "--base-url", apiOrigin];
      const start = () =>
        startProgram([...words, "--patience", "5s", ...everything], {
          folder,
          origins: [apiOrigin, storageOrigin],
          env: { CIVITAI_API_KEY: token },
        });
      await using watched = await watchLibrary(folder, { interval: "1s" });
      const says = (pattern: RegExp) => async () => pattern.test(await watched.headline());
      const measures = (pattern: RegExp) => async () => pattern.test(await watched.metrics());

      const run = start();
      await watched.secondsUntil(async () => ((await watched.status()).library?.byState.done ?? 0) > 0, 60);
      fault(sandbox, run);
      assertEquals((await run.ended).code, exitCode);
      await watched.secondsUntil(says(ended), 30);
      await watched.secondsUntil(measures(/^civitai_dl_run_failed 1$/m), 30);

      sandbox.setToxics([]);
      assertEquals((await start().ended).code, 0);
      await watched.secondsUntil(says(/^No downloader is running/), 30);
      await watched.secondsUntil(measures(/^civitai_dl_run_failed 0$/m), 30);
    }));
}

Deno.test({
  name: `a monitor says what a disk at its reserve leaves, and how much to free${
    why === null ? "" : ` (left out: ${why})`
  }`,
  ignore: why !== null,
  fn: () =>
    inTempDir(async (folder) => {
      await Deno.mkdir(join(folder, "library"));
      await using disk = (await mountSmallDisk(join(folder, "library"), 24 << 20))!;
      await using sandbox = await startSandbox({ ...PLAIN, size: SIZE, fileBytes: { min: 200_000, max: 300_000 } });
      const { token, apiOrigin, storageOrigin } = sandbox;
      const everything = [...sandbox.catalog.models()].flatMap((model) => ["--model", String(model.id)]);
      const start = () =>
        startProgram(
          ["download", "--yes", "--no-images", "--reserve", "8M", "-o", "library", "--base-url", apiOrigin].concat(
            everything,
          ),
          { folder, origins: [apiOrigin, storageOrigin], env: { CIVITAI_API_KEY: token } },
        );
      await using watched = await watchLibrary(folder, { interval: "1s" });
      // Another program takes what the downloads need, and a part of the reserve.
      await Deno.writeFile(join(disk.path, "other"), new Uint8Array(18 << 20));
      assertEquals((await start().ended).code, 4);
      const says = (pattern: RegExp) => async () => pattern.test(await watched.headline());
      await watched.secondsUntil(says(/^The disk is at its reserve: 8 files \([\d.]+ MiB\) are left$/), 30);
      const { reserve } = await watched.status();
      // Sidecars and the catalog need a little more than the files that are left.
      await Deno.truncate(join(disk.path, "other"), (16 << 20) - reserve!.missingBytes);
      assertEquals((await start().ended).code, 0);
      await watched.secondsUntil(says(/^No downloader is running/), 60);
    }),
});
