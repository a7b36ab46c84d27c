import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { type Command, textWidth } from "../../../lib/cli/mod.ts";
import { renderHelp } from "../../../lib/cli/help/render_help.ts";
import { EXIT_NOTES } from "../../../lib/cli/command/exit_notes.ts";
import { fetchCommand, sampleProgram, verifyCommand } from "../sample_program.ts";

const help = renderHelp(fetchCommand, { program: sampleProgram });

Deno.test("renderHelp() starts with the summary and the usage line", () => {
  assert(help.startsWith("Fetch what a target names\n\nUsage: sample fetch [options] [TARGET...]\n\n"));
});

Deno.test("renderHelp() shows examples with descriptions before options", () => {
  assertStringIncludes(help, "Examples:\n  sample fetch 123 -o ./models\n      Fetch one model\n");
  assert(help.indexOf("Examples:") < help.indexOf("Options:"));
});

Deno.test("renderHelp() shows letter, value, bounds, default, environment and choices", () => {
  assertStringIncludes(help, "  -n, --limit N       How many at most (1 to 100; default 20)\n");
  assertStringIncludes(help, "      --timeout TIME  Give up after (at least 1s; default 30s; env\n");
  assertStringIncludes(help, "      --[no-]resume   Go on where it stopped (default on)\n");
  assertStringIncludes(help, "Network:\n      --rate SIZE    Bytes (per second; at most 1G)\n");
  assertStringIncludes(help, "What kind (one of model, image)");
  assertStringIncludes(help, 'Tags (repeatable, or separated by ",")');
});

Deno.test("renderHelp() omits hidden flags", () => {
  assertEquals(help.includes("secret-mode"), false);
});

for (const [code, note] of Object.entries(EXIT_NOTES)) {
  Deno.test(`renderHelp() lists exit code ${code} of a program, and of a command that can end with it`, () => {
    const line = `  ${code.padEnd(11)}  ${note}\n`;
    assertStringIncludes(renderHelp(sampleProgram), line);
    assertEquals(renderHelp(verifyCommand).includes(line), !["3", "6", "7"].includes(code));
  });
}

Deno.test("renderHelp() replaces standard exit codes by those of the command", () => {
  assertStringIncludes(help, "  1            A file could not be fetched\n");
  assertStringIncludes(help, "  9            The moon was full\n  129/130/143");
});

Deno.test("renderHelp() respects the width, up to 100 columns", () => {
  for (const [width, most] of [[80, 80], [60, 60], [200, 100]] as const) {
    for (const line of renderHelp(fetchCommand, { width }).split("\n")) assertLessOrEqual(textWidth(line), most);
  }
});

Deno.test("renderHelp() puts a long term on its own line", () => {
  const flag = { name: "a-name-that-is-really-very-long", type: "string", summary: "Long" } as const;
  const lines = renderHelp({ ...verifyCommand, flags: [flag] }).split("\n");
  const index = lines.findIndex((line) => line.trim() === "--a-name-that-is-really-very-long TEXT");
  assertEquals(lines[index + 1]!.trim(), "Long");
});

Deno.test("renderHelp() groups the commands of a program and shows the default one", () => {
  const text = renderHelp(sampleProgram);
  assert(text.startsWith("sample 1.2.3\nFetch and keep\n"));
  assertStringIncludes(text, 'sample [options] [arguments]    same as "fetch"');
  assertStringIncludes(text, "Library:\n  verify  Check every file's hash\n");
  assertStringIncludes(text, "--config PATH");
});

Deno.test("renderHelp() colors headings only on request", () => {
  assertStringIncludes(renderHelp(fetchCommand, { color: true }), "\x1b[1mOptions:\x1b[22m\n");
  assertEquals(help.includes("\x1b"), false);
});

Deno.test("renderHelp() shows rare flags, details and further examples only with --help --all, and counts them", () => {
  const command: Command = {
    name: "fetch",
    summary: "Fetch",
    details: "Limits of a connection.",
    flags: [
      { name: "user", type: "string", summary: "Whose" },
      { name: "wait", type: "duration", summary: "How long", rare: true },
      { name: "trace", type: "boolean", summary: "For us", hidden: true },
    ],
    examples: ["a", "b", "c", "d"].map((word) => ({ command: `sample fetch ${word}`, summary: word })),
    run: () => Promise.resolve(undefined),
  };
  const short = renderHelp(command, { program: sampleProgram });
  assertEquals(["--user", "--wait", "--trace", "Limits", "fetch c", "fetch d"].filter((text) => short.includes(text)), [
    "--user",
    "fetch c",
  ]);
  assertStringIncludes(short, "1 more option: sample fetch --help --all\n");
  const whole = renderHelp(command, { program: sampleProgram, isComplete: true });
  assertEquals(
    ["--user", "--wait", "--trace", "Limits", "fetch d", "more option"].filter((text) => whole.includes(text)),
    [
      "--user",
      "--wait",
      "Limits",
      "fetch d",
    ],
  );
});
