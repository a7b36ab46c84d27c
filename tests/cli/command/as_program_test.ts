import { assertEquals, assertStrictEquals } from "@std/assert";
import { asProgram } from "../../../lib/cli/mod.ts";
import { sampleProgram, verifyCommand } from "../sample_program.ts";

Deno.test("asProgram() wraps a command and keeps a program", () => {
  assertStrictEquals(asProgram(sampleProgram), sampleProgram);
  const program = asProgram(verifyCommand);
  assertEquals([program.name, program.commands, program.defaultCommand], ["civitai-dl", [verifyCommand], "verify"]);
});
