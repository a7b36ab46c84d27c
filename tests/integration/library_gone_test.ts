import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "node:path";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import BUILT_IN_RULES from "../../config/alerts.yml" with { type: "text" };
import { becomes } from "../helpers/becomes.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { mountRemovableDisk, noRemovableDisk } from "../helpers/removable_disk.ts";
import { startMonitor } from "../helpers/start_monitor.ts";
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
        // What cannot be written any more has the same cause.
        const complaints = stderr.split("\n").filter((line) => /^(?:error|warning): |cannot/i.test(line));
        assertEquals([complaints.length, complaints[0]?.startsWith("error: The library ")], [1, true], stderr);
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

/** Patience for what a monitor with a tick of a second does in some seconds; a machine that is busy needs longer. */
const WAIT_MS = 60_000;

Deno.test({
  name: "monitor reports that its library is gone, creates nothing in its place, and goes on when it is back",
  ignore,
  fn: () =>
    inTempDir(async (folder) => {
      await using disk = (await mountRemovableDisk(folder))!;
      (await openLibrary(disk.path, { command: "test" }))[Symbol.dispose]();
      const rules = join(folder, "rules.yml");
      // The shipped rules, evaluated and sent without the waits of people.
      await Deno.writeTextFile(
        rules,
        BUILT_IN_RULES.replaceAll("interval: 30s", "interval: 1s").replace("groupInterval: 15s", "groupInterval: 1s"),
      );
      const flags = ["--library", disk.path, "--interval", "1s", "--config", rules];
      await using monitor = await startMonitor(folder, flags);
      assertEquals((await monitor.health()).status, 200);
      const before = await disk.names();
      await disk.unmount();
      const reason = `The library "${disk.path}" is gone: an empty folder is there now`;
      assert(await becomes(async () => (await monitor.health()).reason?.startsWith(reason) ?? false, WAIT_MS));
      assertEquals((await monitor.health()).status, 503);
      assertStringIncludes((await monitor.status()).gone!.message, `The library "${disk.path}" is gone`);
      assert(await becomes(async () => (await monitor.notices()).includes("firing LibraryMissing"), WAIT_MS));
      assertStringIncludes(await monitor.metrics(), "civitai_dl_library_missing 1");
      assertEquals(await disk.names(), []);
      await disk.mount();
      assert(await becomes(async () => (await monitor.health()).status === 200, WAIT_MS));
      assert(await becomes(async () => (await monitor.notices()).includes("resolved LibraryMissing"), WAIT_MS));
      assertEquals((await monitor.status()).gone, null);
      assertEquals(await disk.names(), before);
      assertEquals(await monitor.stop(), 143);
    }),
});

/** Model files and their parts. */
async function filesIn(library: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(walk(join(library, "models"), { includeDirs: false })).catch(() => []);
  return entries.map(({ path }) => path).filter((path) => /\.(?:safetensors|pt|ckpt|bin|zip|pth|part)$/.test(path));
}
