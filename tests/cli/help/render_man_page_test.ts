import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderManPage } from "../../../lib/cli/mod.ts";
import { sampleProgram, verifyCommand } from "../sample_program.ts";

const page = renderManPage(sampleProgram, { date: "2026-01-31" });

Deno.test("renderManPage() has the usual sections in order", () => {
  const sections = [...page.matchAll(/^\.SH (.*)$/gm)].map((match) => match[1]);
  assertEquals(sections, [
    "NAME",
    "SYNOPSIS",
    "DESCRIPTION",
    "COMMANDS",
    "GLOBAL OPTIONS",
    "ENVIRONMENT",
    "EXIT STATUS",
    "EXAMPLES",
  ]);
  assert(page.startsWith('.TH "SAMPLE" 1 "2026-01-31" "sample 1.2.3"\n'));
});

Deno.test("renderManPage() lists commands, flags, environment and exit codes", () => {
  assertStringIncludes(page, '.SS "sample fetch [options] [TARGET...]"');
  assertStringIncludes(page, "\\fB\\-n, \\-\\-limit N\\fR");
  assertStringIncludes(page, "\\fBSAMPLE_TIMEOUT\\fR\nSame as \\-\\-timeout");
  assertStringIncludes(page, "\\fB129/130/143\\fR");
});

Deno.test("renderManPage() escapes roff requests", () => {
  const command = { ...verifyCommand, description: '.so evil \\n\n\n\'quoted "text"' };
  const text = renderManPage({ ...sampleProgram, commands: [command] }, { date: "2026-01-31" });
  assertStringIncludes(text, "\\&.so evil \\en\n.PP\n\\&'quoted \\(dqtext\\(dq");
});

Deno.test("renderManPage() passes groff without a warning", async (t) => {
  try {
    const groff = new Deno.Command("groff", {
      args: ["-man", "-Tutf8", "-ww"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = groff.stdin.getWriter();
    await writer.write(new TextEncoder().encode(page));
    await writer.close();
    const { success, stdout, stderr } = await groff.output();
    assertEquals([success, new TextDecoder().decode(stderr)], [true, ""]);
    assertStringIncludes(new TextDecoder().decode(stdout), "--timeout TIME");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await t.step({ name: "groff is not installed", ignore: true, fn: () => {} });
  }
});
