import { assert, assertEquals, assertRejects } from "@std/assert";
import { measureProcess } from "../../lib/bench/mod.ts";
import { hasProgram } from "../integration/_has_program.ts";

const isLinux = Deno.build.os === "linux";
// By its own processor time: on a busy machine 0.3 s of the clock may be half as much.
const BUSY = "const used = () => { const { user, system } = process.cpuUsage(); return user + system; }; " +
  "const end = used() + 300_000; while (used() < end);";
const HELD = "const held = new Uint8Array(100e6).fill(1); console.log(held.length);";
const evaluate = (code: string) => [Deno.execPath(), "eval", code];

for (const timeProgram of ["/usr/bin/time", null]) {
  const ignore = !isLinux || (timeProgram !== null && !await hasProgram(timeProgram, "--version"));
  const way = timeProgram ?? "a shell";

  Deno.test({
    name: `measureProcess() by ${way} tells processor time, memory, words and exit code`,
    ignore,
    async fn() {
      const code = `${HELD} ${BUSY} console.error("a word"); Deno.exit(3);`;
      const run = await measureProcess(evaluate(code), { timeProgram, bytes: 5 });
      assertEquals([run.code, run.stdout, run.stderr, run.bytes], [3, "100000000\n", "a word\n", 5]);
      assert(run.cpuSeconds! >= 0.2 && run.cpuSeconds! < 30, `${run.cpuSeconds} s`);
      assert(run.peakRssBytes! > 100e6 && run.peakRssBytes! < 2e9, `${run.peakRssBytes} bytes`);
      assert(run.seconds >= 0.3, `${run.seconds} s`);
      assertEquals(run.method, timeProgram === null ? "shell" : "time");
    },
  });

  Deno.test({
    name: `measureProcess() by ${way} ends the program when it is told to`,
    ignore,
    async fn() {
      const signal = AbortSignal.timeout(200);
      const error = await assertRejects(() => measureProcess(["sleep", "60"], { timeProgram, signal }));
      assertEquals(error, signal.reason);
    },
  });

  Deno.test({
    name: `measureProcess() by ${way} says that there is no such program`,
    ignore,
    fn: async () => {
      await assertRejects(() => measureProcess(["no-such-program-here"], { timeProgram }), Deno.errors.NotFound);
    },
  });
}

Deno.test("measureProcess() gives environment and folder to the program", async () => {
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  const { stdout } = await measureProcess(evaluate("console.log(Deno.env.get('WORD'), Deno.cwd())"), {
    ...{ cwd, env: { WORD: "yes", NO_COLOR: "1" } },
  });
  assertEquals(stdout, `yes ${cwd}\n`);
  await Deno.remove(cwd);
});
