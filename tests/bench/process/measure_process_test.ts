import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { systemClock } from "../../../lib/base/mod.ts";
import { measureProcess } from "../../../lib/bench/mod.ts";
import { hasProgram } from "../../helpers/has_program.ts";

const isLinux = Deno.build.os === "linux";
// By its own processor time: on a busy machine, 0.3 s of real time may be half as much.
const BUSY = "const used = () => { const { user, system } = process.cpuUsage(); return user + system; }; " +
  "const end = used() + 300_000; while (used() < end);";
const HELD = "const held = new Uint8Array(100e6).fill(1); console.log(held.length);";
const evaluate = (code: string) => [Deno.execPath(), "eval", code];

/** The content of a file that a program writes, once there is some. */
async function firstWords(path: string): Promise<string> {
  for (;;) {
    const text = await Deno.readTextFile(path).catch(() => "");
    if (text !== "") return text;
    await systemClock.sleep(20);
  }
}

for (const timeProgram of ["/usr/bin/time", null]) {
  const ignore = !isLinux || (timeProgram !== null && !await hasProgram(timeProgram, "--version"));
  const way = timeProgram ?? "a shell";

  Deno.test({
    name: `measureProcess() by ${way} measures processor time, memory, output and exit code`,
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
    name: `measureProcess() by ${way} ends the program when its signal aborts`,
    ignore,
    async fn() {
      const signal = AbortSignal.timeout(200);
      const error = await assertRejects(() => measureProcess(["sleep", "60"], { timeProgram, signal }));
      assertEquals(error, signal.reason);
    },
  });

  Deno.test({
    name: `measureProcess() by ${way} kills a program that ignores signals, and all its children`,
    ignore,
    async fn() {
      const folder = await Deno.makeTempDir();
      const lines = `trap "" TERM; i=0; while [ $i -lt 3000 ]; do i=$((i + 1)); echo $i > alive; sleep 0.1; done`;
      const stop = new AbortController();
      const words = ["sh", "-c", `(${lines}) & ${lines}`];
      const running = assertRejects(() => measureProcess(words, { timeProgram, signal: stop.signal, cwd: folder }));
      await firstWords(`${folder}/alive`);
      const start = performance.now();
      stop.abort(new Error("enough"));
      assertEquals(await running, stop.signal.reason);
      assert(performance.now() - start < 300_000);
      const last = await Deno.readTextFile(`${folder}/alive`);
      await systemClock.sleep(500);
      assertEquals(await Deno.readTextFile(`${folder}/alive`), last);
      await Deno.remove(folder, { recursive: true });
    },
  });

  Deno.test({
    name: `measureProcess() by ${way} does not wait for a leftover process that holds the output`,
    ignore: ignore || !await hasProgram("setsid", "--version"),
    async fn() {
      const start = performance.now();
      const left = `setsid sh -c 'echo $$; exec sleep 300'`;
      const run = await measureProcess(["sh", "-c", `${left} & sleep 0.3; echo said`], { timeProgram });
      assertMatch(run.stdout, /^\d+\nsaid\n$/);
      assert(run.seconds < 300 && run.code === 0 && run.cpuSeconds !== null);
      assert(performance.now() - start < 300_000);
      Deno.kill(parseInt(run.stdout), "SIGKILL");
    },
  });

  Deno.test({
    name: `measureProcess() by ${way} ends even if a process outside the group holds the output`,
    ignore: ignore || !await hasProgram("setsid", "--version"),
    async fn() {
      const file = await Deno.makeTempFile();
      const words = ["sh", "-c", `setsid sh -c 'echo $$ > "$PID"; exec sleep 300'`];
      const stop = new AbortController();
      const options = { timeProgram, signal: stop.signal, env: { PID: file } };
      const running = assertRejects(() => measureProcess(words, options));
      const pid = parseInt(await firstWords(file));
      const start = performance.now();
      stop.abort(new Error("enough"));
      assertEquals(await running, stop.signal.reason);
      assert(performance.now() - start < 300_000);
      Deno.kill(pid, "SIGKILL");
      await Deno.remove(file);
    },
  });

  Deno.test({
    name: `measureProcess() by ${way} reports a missing program`,
    ignore,
    fn: async () => {
      await assertRejects(() => measureProcess(["no-such-program-here"], { timeProgram }), Deno.errors.NotFound);
    },
  });

  Deno.test({
    name: `measureProcess() by ${way} reports a missing program, also if a folder of PATH may not be used for it`,
    ignore,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      // The system says "permission denied" of a folder that must not be read, and of a file that is no program: also to root.
      await Deno.writeTextFile(`${folder}/no-such-program-here`, "", { mode: 0o600 });
      const env = { PATH: `${folder}:${Deno.env.get("PATH")}` };
      await assertRejects(() => measureProcess(["no-such-program-here"], { timeProgram, env }), Deno.errors.NotFound);
      await Deno.remove(folder, { recursive: true });
    },
  });
}

Deno.test("measureProcess() passes environment and folder to the program", async () => {
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  const { stdout } = await measureProcess(evaluate("console.log(Deno.env.get('WORD'), Deno.cwd())"), {
    cwd,
    env: { WORD: "yes", NO_COLOR: "1" },
  });
  assertEquals(stdout, `yes ${cwd}\n`);
  await Deno.remove(cwd);
});
