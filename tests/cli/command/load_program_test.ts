import { assertEquals } from "@std/assert";
import { loadProgram, type Program } from "../../../lib/cli/mod.ts";
import { fetchCommand, sampleProgram, verifyCommand } from "../sample_program.ts";

Deno.test("loadProgram() imports lazy commands and keeps the rest", async () => {
  const { name, summary } = verifyCommand;
  const program: Program = {
    ...sampleProgram,
    commands: [fetchCommand, { name, summary, load: () => Promise.resolve(verifyCommand) }],
  };
  assertEquals((await loadProgram(program)).commands, [fetchCommand, verifyCommand]);
});
