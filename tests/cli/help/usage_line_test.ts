import { assertEquals } from "@std/assert";
import { usageLine } from "../../../lib/cli/mod.ts";
import { branchCommand, fetchCommand, sampleProgram } from "../sample_program.ts";

Deno.test("usageLine() marks optional and repeatable arguments", () => {
  assertEquals(usageLine(fetchCommand, sampleProgram), "sample fetch [options] [TARGET...]");
  assertEquals(usageLine(branchCommand), "branch [options] ACTION");
});
