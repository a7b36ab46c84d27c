import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "node:path";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { becomes } from "../helpers/becomes.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { mountRemovableDisk, noRemovableDisk } from "../helpers/removable_disk.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ignore = await noRemovableDisk() !== null;

for (const command of ["download", "repair"] as const) {
  Deno.test({
    name:
      `${command} stops with exit 4 when its disk is unmounted, writes nothing below it, and goes on when it is back`,
    ignore,
    fn: () =>
      inTempDir(async (folder) => {
        await using disk = (await mountRemovableDisk(folder))!;
        await using sandbox = await startSandbox({ ...PLAIN, fileSizes: [2_000_000] });
        const online = ["--base-url", sandbox.apiOrigin, "--reserve", "0", "--engine", "stable"];
        const models = [...sandbox.catalog.models()].flatMap((model) => ["--model", String(model.id)]);
        const library = disk.path;
        const start = (words: readonly string[]) =>
          startProgram([...words, "-o", library], {
            folder,
            env: { CIVITAI_API_KEY: sandbox.token, XDG_STATE_HOME: join(folder, "state") },
            origins: [sandbox.apiOrigin, sandbox.storageOrigin],
          });
        const fetching = ["download", "--yes", "--no-images", ...online];
        const words = command === "download" ? [...fetching, ...models] : ["repair", ...online];
        if (command === "repair") {
          assertEquals((await start([...fetching, ...models]).ended).code, 0);
          for (const path of await filesIn(library)) await Deno.remove(path);
          assertEquals((await start(["verify"]).ended).code, 7);
        }
        sandbox.setToxics([{ type: "bandwidth", bytesPerSecond: 400_000 }]);
        const running = start(words);
        assert(await becomes(async () => (await filesIn(library)).some((path) => path.endsWith(".part")), 60_000));
        await disk.unmount();
        const { code, stderr } = await running.ended;
        assertEquals(code, 4, stderr);
        assertStringIncludes(stderr, `The library "${library}" is gone: an empty folder is there now`);
        assertStringIncludes(stderr, "Mount its disk");
        assertEquals(await disk.names(), []);

        const again = await start(words).ended;
        assertEquals(again.code, 4, again.stderr);
        assertStringIncludes(again.stderr, `The library "${library}" is gone: an empty folder is there now`);
        assertEquals(await disk.names(), []);

        await disk.mount();
        sandbox.setToxics([]);
        const last = await start(words).ended;
        assertEquals(last.code, 0, last.stderr);
        const files = await filesIn(library);
        assertEquals([files.length, files.some((path) => path.endsWith(".part"))], [3, false]);
      }),
  });
}

/** Model files and their parts. */
async function filesIn(library: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(walk(join(library, "models"), { includeDirs: false })).catch(() => []);
  return entries.map(({ path }) => path).filter((path) => /\.(?:safetensors|pt|ckpt|bin|zip|pth|part)$/.test(path));
}
