import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { acquireLock } from "../../../lib/base/mod.ts";
import { stopRun } from "../../../lib/library/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** Holds the lock until it is interrupted, as a run does. */
const RUN = `
  const [base, path] = Deno.args;
  const { acquireLock } = await import(base);
  const lock = await acquireLock(path, { command: "download" });
  Deno.addSignalListener("SIGINT", () => {
    lock[Symbol.dispose]();
    Deno.exit(130);
  });
  setInterval(() => {}, 1000);
  console.log("held");
`;

async function inLibrary(story: (root: string, lock: string) => Promise<void>): Promise<void> {
  await inTempDir(async (root) => {
    await Deno.mkdir(join(root, ".civitai-dl"));
    await story(root, join(root, ".civitai-dl", "lock"));
  });
}

Deno.test({
  name: "stopRun() interrupts the run that holds the library, and waits for its end",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inLibrary(async (root, path) => {
      const script = join(root, "run.ts");
      await Deno.writeTextFile(script, RUN);
      const base = new URL("../../../lib/base/mod.ts", import.meta.url).href;
      const config = new URL("../../../deno.json", import.meta.url).pathname;
      const run = new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "-A", "--no-check", "--config", config, script, base, path],
        stdout: "piped",
      }).spawn();
      const reader = run.stdout.getReader();
      assertEquals(new TextDecoder().decode((await reader.read()).value), "held\n");
      await stopRun(root, { command: "rollback", signal: new AbortController().signal });
      assertEquals((await run.status).code, 130);
      await reader.cancel();
    }),
});

Deno.test("stopRun() has nothing to do where nobody holds the library", () =>
  inLibrary(async (root, path) => {
    await stopRun(root, { command: "rollback", signal: new AbortController().signal });
    using lock = await acquireLock(path, { command: "test" });
    assertEquals(lock !== undefined, true);
  }));
