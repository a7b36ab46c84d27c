import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { TerminalRun } from "../../helpers/terminal.ts";
import { hasProgram } from "../../helpers/has_program.ts";

const SAMPLE = new URL("../sample_main.ts", import.meta.url).pathname;
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function spawn(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-lock", "--allow-env", SAMPLE, ...args],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Read standard error until a text appears; returns everything read. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<string> {
  let seen = "";
  while (!seen.includes(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    seen += decode(value);
  }
  return seen;
}

/** Repeat an action every twentieth of a second until something happens; the last one may be too late. */
async function repeatUntil(end: Promise<unknown>, action: () => unknown): Promise<void> {
  let isOver = false;
  const over = end.finally(() => isOver = true);
  while (!isOver) {
    try {
      await action();
    } catch {
      // It has just ended.
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
  await over;
}

for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  Deno.test(`runMain() stops cleanly at a first ${signal} and exits with ${exit}`, async () => {
    const child = spawn("wait");
    await child.stdin.close();
    const reader = child.stderr.getReader();
    await readUntil(reader, "ready");
    child.kill(signal);
    const said = await readUntil(reader, "stop immediately");
    assertStringIncludes(said, "Stopping cleanly");
    reader.releaseLock();
    await child.stderr.cancel();
    const out = await new Response(child.stdout).text();
    assertEquals([(await child.status).code, out], [exit, 'result "stopped"\n']);
  });
}

Deno.test("runMain() treats signals within a second as one, and stops at once at a later one", async () => {
  const child = spawn("hang");
  await child.stdin.close();
  const reader = child.stderr.getReader();
  await readUntil(reader, "ready");
  child.kill("SIGINT");
  await readUntil(reader, "stop immediately");
  const start = performance.now();
  // Signals of a launcher arrive together; a user who keeps pressing is respected in the end.
  let count = 0;
  await repeatUntil(child.status, () => child.kill(count++ % 2 === 0 ? "SIGINT" : "SIGTERM"));
  const { code } = await child.status;
  const tookMs = performance.now() - start;
  assert(tookMs > 800 && count > 2, `${count} signals in ${tookMs} ms`);
  assert(code === 130 || code === 143, `${code}`);
  const said = await readUntil(reader, "Run again with: civitai-dl hang");
  assertStringIncludes(said, "Stopped immediately. Run again with: civitai-dl hang");
  await reader.cancel();
  await child.stdout.cancel();
});

for (const [what, reason] of [["crash", "nobody waits for this"], ["throw", "nobody catches this"]] as const) {
  Deno.test(`runMain() reports a failure where ${reason} as an expected error`, async () => {
    const child = spawn(what);
    await child.stdin.close();
    const { code, stdout, stderr } = await child.output();
    assertEquals([code, decode(stdout)], [1, ""]);
    assertEquals(decode(stderr).split("\n")[0], `error: Unexpected TypeError: ${reason}`);
  });
}

Deno.test(
  "runMain() restores the terminal when it stops at once",
  { ignore: !await hasProgram("script", "--version") },
  async () => {
    const line = `${Deno.execPath()} run -q --no-lock --allow-env ${SAMPLE} draw`;
    await using terminal = new TerminalRun(line, { cwd: ".", env: { NO_COLOR: "1", TERM: "xterm" } });
    await terminal.until("bar 2");
    await terminal.type("\x03");
    await terminal.until("stop immediately");
    const ended = terminal.end();
    // Two signals within a second count as one, so one more is enough.
    await new Promise((wake) => setTimeout(wake, 1200));
    await terminal.type("\x03");
    assertEquals(await ended, 130);
    assertEquals(terminal.screen.lines, [
      "ready",
      "Stopping cleanly: press Ctrl-C again (or resend the signal) to stop immediately",
      "Stopped immediately. Run again with: civitai-dl draw",
    ]);
  },
);

Deno.test(
  "runMain() restores the terminal when it fails",
  { ignore: !await hasProgram("script", "--version") },
  async () => {
    const line = `${Deno.execPath()} run -q --no-lock --allow-env ${SAMPLE} crash`;
    await using terminal = new TerminalRun(line, { cwd: ".", env: { NO_COLOR: "1", TERM: "xterm" } });
    assertEquals(await terminal.end(), 1);
    assertEquals(terminal.screen.lines[0], "error: Unexpected TypeError: nobody waits for this");
  },
);

Deno.test("runMain() ends silently when the reader of a pipe is gone", async () => {
  const child = spawn("write");
  await child.stdin.close();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const err = await new Response(child.stderr).text();
  assertEquals([(await child.status).code, err], [0, ""]);
});

Deno.test("runMain() never prompts without a terminal", async () => {
  const child = spawn("ask");
  await child.stdin.close();
  const { code, stdout, stderr } = await child.output();
  assertEquals([code, decode(stdout)], [2, ""]);
  assertStringIncludes(decode(stderr), "hint: Pass --yes to answer yes");
});

Deno.test("runMain() exits with 2 and a JSON line for wrong usage", async () => {
  const child = spawn("--json", "dance");
  await child.stdin.close();
  const { code, stdout, stderr } = await child.output();
  assertEquals([code, decode(stdout), JSON.parse(decode(stderr)).error.code], [2, "", "usage"]);
});
