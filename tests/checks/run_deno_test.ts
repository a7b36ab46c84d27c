import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { lastLines, runDeno } from "../../checks/run_deno.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("runDeno() returns exit code and output without colors", async () => {
  const { signal } = new AbortController();
  const run = await runDeno(["eval", "console.log('\\x1b[31mred\\x1b[0m'); Deno.exit(7);"], { signal });
  assertEquals([run.code, run.out], [7, "red\n"]);
  assertStringIncludes(lastLines({ code: 1, out: "a\n\n", err: "b\nStack backtrace:\n   0: <unknown>\n" }), "a\nb");
});

Deno.test({
  name: "runDeno() also ends child processes when it is stopped",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      const path = join(folder, "grandchild");
      // It ignores SIGTERM and holds the pipe.
      const shell = `trap "" TERM; echo $$ > ${path}; while true; do sleep 0.1; done`;
      const code = `new Deno.Command("sh", { args: ["-c", ${JSON.stringify(shell)}], stdout: "inherit" }).spawn(); ` +
        "setInterval(() => {}, 1000);";
      const stop = new AbortController();
      const run = runDeno(["eval", code], { signal: stop.signal });
      const reading = async (): Promise<number> => Number(await Deno.readTextFile(path).catch(() => ""));
      while (await reading() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      stop.abort(new Error("enough"));
      // A process that still holds the pipe would keep this waiting forever.
      await assertRejects(() => run, Error, "enough");
    }),
});

Deno.test("runDeno() starts nothing if it is stopped while it looks for the lock file", async () => {
  const stop = new AbortController();
  const run = runDeno(["eval", "setInterval(() => {}, 1000);"], { signal: stop.signal, loadsModules: true });
  stop.abort(new Error("enough"));
  await assertRejects(() => run, Error, "enough");
});
