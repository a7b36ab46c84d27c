import { assertEquals, assertMatch } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "node:path";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { mountExfat, noExfat } from "../helpers/exfat_disk.ts";
import { sha256Of } from "../helpers/sha256_of.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const missing = await noExfat();

Deno.test({
  name: `a library on exFAT is downloaded, killed, resumed, verified and repaired${
    missing === null ? "" : ` (skipped: ${missing})`
  }`,
  ignore: missing !== null,
  fn: () =>
    inTempDir(async (folder) => {
      // More than the reserve of 1 GiB; the image has holes.
      await using disk = (await mountExfat(folder, 1.5 * 1024 ** 3))!;
      await using sandbox = await startSandbox({
        size: { creators: 1, modelsPerCreator: 4 },
        outcomes: {},
        fileSizes: [12 << 20, 3 << 20, 1 << 20, 300 << 10],
        versionsPerModel: { min: 1, max: 1 },
        filesPerVersion: { min: 1, max: 1 },
      });
      const { username } = sandbox.catalog.creators().next().value!;
      const library = join(disk.path, "Library");
      const start = (...words: readonly string[]) =>
        startProgram([...words, "-o", library], {
          folder,
          env: { CIVITAI_API_KEY: sandbox.token },
          origins: [sandbox.apiOrigin, sandbox.storageOrigin],
        });
      const download = (...words: readonly string[]) =>
        start(
          "download",
          ...["--base-url", sandbox.apiOrigin, "--yes", "--no-images", "--user", username],
          ...words,
        );
      const slow = download("--limit-rate", "4M");
      await partWith(library, 2 << 20);
      slow.kill("SIGKILL");
      assertEquals((await slow.ended).code, 137);
      const resumed = await download().ended;
      assertEquals(resumed.code, 0, resumed.stderr);
      assertMatch(resumed.stdout, /MiB resumed from an earlier run/);
      const again = await download().ended;
      assertMatch(again.stdout, /^ {2}already there +4$/m);
      const verified = await start("verify", "--deep").ended;
      assertEquals(verified.code, 0, verified.stdout + verified.stderr);
      const models = await modelsIn(library);
      assertEquals(models.length, 4);
      // Nothing else than the bytes, the parts and the journals of the catalog.
      const leftOvers = walk(library, { includeDirs: false, match: [/\.part(\.json)?$|\.tmp$/] });
      assertEquals(await Array.fromAsync(leftOvers, ({ path }) => path), []);

      const before = await sha256Of(models[0]!);
      {
        using file = await Deno.open(models[0]!, { write: true });
        await file.seek(100_000, Deno.SeekMode.Start);
        await file.write(new Uint8Array(10_000));
      }
      const damaged = await start("verify", "--deep").ended;
      assertEquals(damaged.code, 7, damaged.stdout + damaged.stderr);
      const repaired = await start("repair", "--base-url", sandbox.apiOrigin).ended;
      assertEquals(repaired.code, 0, repaired.stdout + repaired.stderr);
      assertEquals(await sha256Of(models[0]!), before);
    }),
});

/** Wait until a part of the library has at least this size. */
async function partWith(library: string, bytes: number): Promise<void> {
  const end = performance.now() + 30_000;
  while (performance.now() < end) {
    for await (const part of partsIn(library)) {
      if ((await Deno.stat(part).catch(() => null) ?? { size: 0 }).size >= bytes) return;
    }
    await new Promise((wake) => setTimeout(wake, 20));
  }
  throw new Error(`No part of "${library}" has ${bytes} bytes after 30 seconds`);
}

async function* partsIn(folder: string): AsyncGenerator<string> {
  try {
    for await (const { path } of walk(folder, { includeDirs: false, exts: [".part"] })) yield path;
  } catch (error) {
    // The library or a part may not exist yet, or no longer.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Model files, the largest first. */
async function modelsIn(library: string): Promise<readonly string[]> {
  const found = [];
  for await (
    const { path } of walk(join(library, "models"), { includeDirs: false, exts: [".safetensors", ".pt", ".ckpt"] })
  ) {
    found.push({ path, size: (await Deno.stat(path)).size });
  }
  return found.sort((a, b) => b.size - a.size).map(({ path }) => path);
}
