import { assertEquals, assertStringIncludes } from "@std/assert";

const SAMPLE = new URL("./sample_main.ts", import.meta.url).pathname;
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

/** Read standard error until a text has come; gives all that has come. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<string> {
  let seen = "";
  while (!seen.includes(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    seen += decode(value);
  }
  return seen;
}

for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  Deno.test(`runMain() stops cleanly at a first ${signal} and exits with ${exit}`, async () => {
    const child = spawn("wait");
    await child.stdin.close();
    const reader = child.stderr.getReader();
    await readUntil(reader, "ready");
    child.kill(signal);
    const said = await readUntil(reader, "stop at once");
    assertStringIncludes(said, "Stopping cleanly");
    reader.releaseLock();
    await child.stderr.cancel();
    const out = await new Response(child.stdout).text();
    assertEquals([(await child.status).code, out], [exit, 'result "stopped"\n']);
  });
}

Deno.test("runMain() stops at once at a second SIGINT", async () => {
  const child = spawn("hang");
  await child.stdin.close();
  const reader = child.stderr.getReader();
  await readUntil(reader, "ready");
  child.kill("SIGINT");
  await readUntil(reader, "stop at once");
  child.kill("SIGINT");
  assertEquals((await child.status).code, 130);
  await reader.cancel();
  await child.stdout.cancel();
});

Deno.test("runMain() ends quietly when the reader of a pipe has gone", async () => {
  const child = spawn("write");
  await child.stdin.close();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const err = await new Response(child.stderr).text();
  assertEquals([(await child.status).code, err], [0, ""]);
});

Deno.test("runMain() never asks without a terminal", async () => {
  const child = spawn("ask");
  await child.stdin.close();
  const { code, stdout, stderr } = await child.output();
  assertEquals([code, decode(stdout)], [2, ""]);
  assertStringIncludes(decode(stderr), "hint: Give --yes to answer yes");
});

Deno.test("runMain() exits with 2 and a JSON line for wrong usage", async () => {
  const child = spawn("--json", "dance");
  await child.stdin.close();
  const { code, stdout, stderr } = await child.output();
  assertEquals([code, decode(stdout), JSON.parse(decode(stderr)).error.code], [2, "", "usage"]);
});
