import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { type Program, resolveCommand } from "../../../lib/cli/mod.ts";
import { fetchCommand, sampleProgram, verifyCommand } from "../sample_program.ts";

function resolved(argv: readonly string[], program: Program = sampleProgram): unknown[] {
  const request = resolveCommand(program, argv);
  return "command" in request ? [request.type, request.command.name, request.argv] : [request.type];
}

function refusal(argv: readonly string[], program: Program = sampleProgram): KitError {
  return assertThrows(() => resolveCommand(program, argv), KitError);
}

Deno.test("resolveCommand() finds the verb and removes it", () => {
  assertEquals(resolved(["verify", "x"]), ["command", "verify", ["x"]]);
  assertEquals(resolved(["--json", "--config", "c.yml", "verify", "x"]), [
    "command",
    "verify",
    ["--json", "--config", "c.yml", "x"],
  ]);
  assertEquals(resolved(["--config=fetch", "-q", "verify"]), ["command", "verify", ["--config=fetch", "-q"]]);
});

Deno.test("resolveCommand() passes everything to the default command otherwise", () => {
  assertEquals(resolved(["12345"]), ["command", "fetch", ["12345"]]);
  assertEquals(resolved(["https://civitai.com/models/1"]), ["command", "fetch", ["https://civitai.com/models/1"]]);
  assertEquals(resolved(["--user", "verify"]), ["command", "fetch", ["--user", "verify"]]);
  assertEquals(resolved(["somebody"]), ["command", "fetch", ["somebody"]]);
  assertEquals(resolved(["--json"]), ["command", "fetch", ["--json"]]);
});

Deno.test("resolveCommand() treats a bare word close to a verb as a typo", () => {
  const error = refusal(["verfy"]);
  assertEquals([error.code, error.message], ["usage", 'Unknown command "verfy": did you mean "verify"?']);
  assertEquals(error.hint, 'To pass it to "fetch", write: sample fetch verfy');
  assertStringIncludes(refusal(["--json", "ftech"]).message, 'did you mean "fetch"?');
  assertEquals(resolved(["fetch", "verfy"]), ["command", "fetch", ["verfy"]]);
});

Deno.test("resolveCommand() accepts words that are not close enough or not bare", () => {
  assertEquals(resolved(["frtch2"])[1], "fetch");
  assertEquals(resolved(["fexxh"])[1], "fetch");
  assertEquals(resolved(["./verfy"])[1], "fetch");
});

Deno.test("resolveCommand() shows the program's own hint", () => {
  const program = { ...sampleProgram, typoHint: (word: string) => `Give --user ${word}` };
  assertEquals(refusal(["verfy"], program).hint, "Give --user verfy");
});

Deno.test("resolveCommand() shows help and version", () => {
  assertEquals(resolved([]), ["command", "fetch", []]);
  assertEquals(resolved(["--help"]), ["program-help"]);
  assertEquals(resolved(["help"]), ["program-help"]);
  assertEquals(resolved(["--version"]), ["version"]);
  assertEquals(resolved(["help", "verify"]).slice(0, 2), ["command-help", "verify"]);
  assertEquals(resolved(["verify", "-h"]).slice(0, 2), ["command-help", "verify"]);
  assertEquals(resolved(["123", "--help"]).slice(0, 2), ["command-help", "fetch"]);
  assertEquals(resolved(["verify", "--", "--help"]).slice(0, 2), ["command", "verify"]);
  assertStringIncludes(refusal(["help", "verfy"]).message, "verify");
});

Deno.test("resolveCommand() leaves -h to a command that uses it", () => {
  const host = { ...verifyCommand, flags: [{ name: "host", short: "h", type: "string", summary: "Host" }] } as const;
  const program = { ...sampleProgram, commands: [fetchCommand, host] };
  assertEquals(resolved(["verify", "-h", "x"], program)[0], "command");
  assertEquals(resolved(["verify", "--help"], program)[0], "command-help");
});

Deno.test("resolveCommand() refuses unknown and missing verbs without a default command", () => {
  const { defaultCommand: _, ...program } = sampleProgram;
  assertStringIncludes(refusal(["verfy"], program).message, 'did you mean "verify"?');
  assertStringIncludes(refusal(["zzzzzzzzz"], program).message, "no such command");
  assertStringIncludes(refusal(["--json"], program).message, "Missing command");
});

Deno.test("resolveCommand() passes all words to the only command, including --version", () => {
  const program: Program = {
    name: "verify",
    version: "",
    summary: "",
    commands: [verifyCommand],
    defaultCommand: "verify",
  };
  assertEquals(resolved(["verify", "--version", "1"], program), ["command", "verify", ["verify", "--version", "1"]]);
  assertEquals(resolved([], program), ["command", "verify", []]);
});

Deno.test("resolveCommand() refuses a word that the program assigns to another verb, unless a verb is given", () => {
  const program: Program = { ...sampleProgram, foreignWords: new Map([["fmt", "it is a verb of deno"]]) };
  assertEquals(refusal(["fmt", "--json"], program).message, 'Unknown command "fmt": it is a verb of deno');
  assertEquals(refusal(["--json", "fmt"], program).hint, 'To pass it to "fetch", write: sample fetch fmt');
  assertEquals(resolved(["fetch", "fmt"], program), ["command", "fetch", ["fmt"]]);
});

Deno.test("resolveCommand() accepts --all only beside --help", () => {
  for (const argv of [["fetch", "--help", "--all"], ["help", "fetch", "--all"]]) {
    const request = resolveCommand(sampleProgram, argv);
    assertEquals([request.type, "isComplete" in request && request.isComplete], ["command-help", true]);
  }
  const request = resolveCommand(sampleProgram, ["fetch", "--help"]);
  assertEquals([request.type, "isComplete" in request && request.isComplete], ["command-help", false]);
  assertEquals(resolveCommand(sampleProgram, ["fetch", "--all"]).type, "command");
});
