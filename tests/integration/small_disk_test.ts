import { assertEquals, assertMatch } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "node:path";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { mountSmallDisk, noSmallDisk } from "../helpers/small_disk.ts";
import { startProgram } from "../helpers/start_program.ts";

Deno.test({
  name: "download fetches what fits on the disk, names the rest and exits with 4, and continues with more space",
  ignore: await noSmallDisk() !== null,
  fn: () =>
    inTempDir(async (folder) => {
      await Deno.mkdir(join(folder, "disk"));
      await using sandbox = await startSandbox({
        size: { creators: 1, modelsPerCreator: 4 },
        outcomes: {},
        fileSizes: [24 << 20, 2 << 20, 1 << 20, 1 << 20],
        versionsPerModel: { min: 1, max: 1 },
        filesPerVersion: { min: 1, max: 1 },
      });
      const { username } = sandbox.catalog.creators().next().value!;
      const words = ["download", "--base-url", sandbox.apiOrigin, "-o", "disk/library", "--yes", "--no-images"];
      const run = (reserve: string) =>
        startProgram([...words, "--reserve", reserve, "--user", username], {
          folder,
          env: { CIVITAI_API_KEY: sandbox.token },
          origins: [sandbox.apiOrigin, sandbox.storageOrigin],
        }).ended;
      await using _disk = (await mountSmallDisk(join(folder, "disk"), 48 << 20))!;
      const first = await run("32M");
      assertEquals(first.code, 4, first.stderr);
      assertMatch(
        first.stderr,
        /^ {2}not everything fits: only 1\d\.\d MiB is available, so some files will not be fetched$/m,
      );
      assertMatch(
        first.stderr,
        /^warning: Cannot fetch ".+" \(24\.0 MiB to come\): the disk has no room: .+ and 32\.0 MiB stay in reserve$/m,
      );
      assertMatch(first.stdout, /^ {2}done +3$/m);
      assertMatch(
        first.stdout,
        /^Cannot fetch 1 file \(24\.0 MiB\): the disk has no room; the run continued with the files that fit\. 4\d\.\d MiB are free/m,
      );
      // 24 MiB and the reserve of 32 MiB in 43 MiB.
      assertMatch(first.stdout, /^Free at least 1\d\.\d MiB, or lower --reserve; run again to continue$/m);
      assertEquals((await sizesIn(folder)).length, 3);
      const second = await run("4M");
      assertEquals([second.code, (await sizesIn(folder)).at(-1)], [0, 24 << 20], second.stderr);
    }),
});

/** Model files, smallest first. */
async function sizesIn(folder: string): Promise<readonly number[]> {
  const files = walk(join(folder, "disk", "library", "models"), { includeDirs: false });
  const sizes = await Array.fromAsync(files, async ({ path }) => (await Deno.stat(path)).size);
  return sizes.filter((size) => size >= 1 << 20).sort((a, b) => a - b);
}
