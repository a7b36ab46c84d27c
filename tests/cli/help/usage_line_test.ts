import { assertEquals } from "@std/assert";
import { usageLine } from "../../../lib/cli/help/usage_line.ts";
import { branchCommand, fetchCommand, sampleProgram } from "../sample_program.ts";

Deno.test("usageLine() marks optional and repeatable arguments", () => {
  assertEquals(usageLine(fetchCommand, sampleProgram), "sample fetch [options] [TARGET...]");
  assertEquals(usageLine(branchCommand), "branch [options] ACTION");
});
