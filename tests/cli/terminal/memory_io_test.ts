import { assertEquals } from "@std/assert";
import { MemoryIo } from "../../../lib/cli/mod.ts";

Deno.test("MemoryIo stores output and returns its answers in order", async () => {
  const io = new MemoryIo({ terminal: true, width: 60, answers: ["ann"] });
  io.writeOut("o");
  assertEquals([await io.readLine("who? "), await io.readSecret("token? ")], ["ann", undefined]);
  assertEquals([io.out, io.err, io.width(), io.inIsTerminal], ["o", "who? token? ", 60, true]);
});
