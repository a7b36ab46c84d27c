import { assertEquals, assertGreater } from "@std/assert";
import { systemIo } from "../../../lib/cli/mod.ts";

const SAMPLE = new URL("../sample_main.ts", import.meta.url).pathname;

Deno.test("systemIo.readLine() returns one line at a time, and null at the end", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-lock", "--allow-env", SAMPLE, "read"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("日本\r\nlast"));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  assertEquals([code, new TextDecoder().decode(stdout)], [0, 'result ["日本","last",null]\n']);
  assertEquals(new TextDecoder().decode(stderr), "first? second? \nthird? \n");
});

Deno.test("systemIo has its streams and a width", () => {
  assertGreater(systemIo.width(), 19);
  for (const known of [systemIo.outIsTerminal, systemIo.errIsTerminal, systemIo.inIsTerminal]) {
    assertEquals(typeof known, "boolean");
  }
});
