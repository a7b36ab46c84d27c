import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { type Command, parseCommand, type ParseCommandOptions, type ParsedCommand } from "../../../lib/cli/mod.ts";
import { branchCommand, fetchCommand, verifyCommand } from "../sample_program.ts";

function parse(argv: readonly string[], options: ParseCommandOptions = {}): ParsedCommand {
  return parseCommand(fetchCommand, argv, options);
}

function refusal(argv: readonly string[], command: Command = fetchCommand): KitError {
  const error = assertThrows(() => parseCommand(command, argv), KitError);
  assertEquals(error.code, "usage");
  return error;
}

Deno.test("parseCommand() accepts values after a space and after an equals sign", () => {
  const { flags, args } = parse(["--limit", "5", "--out=./x=y", "12", "34"]);
  assertEquals([flags.limit, flags.out, args], [5, "./x=y", ["12", "34"]]);
});

Deno.test("parseCommand() accepts negative numbers and, after an equals sign, values that start with a dash", () => {
  const { flags, args } = parse(["--ratio", "-0.5", "--user=--x", "-5"]);
  assertEquals([flags.ratio, flags.user, args], [-0.5, ["--x"], ["-5"]]);
});

Deno.test("parseCommand() accepts letters alone, combined and with a value", () => {
  const { flags } = parse(["-qyn5", "-o=out", "-u", "ann"]);
  assertEquals([flags.quiet, flags.yes, flags.limit], [true, true, 5]);
  assertEquals([flags.out, flags.user], ["out", ["ann"]]);
});

Deno.test("parseCommand() sets and unsets booleans, and the last one wins", () => {
  assertEquals(parse(["--no-resume"]).flags.resume, false);
  assertEquals(parse(["--no-resume", "--resume"]).flags.resume, true);
  assertEquals(parse(["--resume=off"]).flags.resume, false);
  assertEquals(parse([]).flags.resume, true);
});

Deno.test("parseCommand() keeps all values of a repeatable flag and the last of another", () => {
  const { flags } = parse(["-u", "a", "--user", "b,c", "--limit", "1", "--limit", "2"]);
  assertEquals([flags.user, flags.limit], [["a", "b,c"], 2]);
  assertEquals(parse(["--tags", "x, y", "--tags=z"]).flags.tags, ["x", "y", "z"]);
});

Deno.test("parseCommand() keeps words after --, numbers and a single dash as arguments", () => {
  const { args, sourceOf } = parse(["007", "-", "1e3", "--", "--limit", "-x", "--"]);
  assertEquals([args, sourceOf("limit")], [["007", "-", "1e3", "--limit", "-x", "--"], "default"]);
});

Deno.test("parseCommand() refuses an unknown flag and suggests the closest", () => {
  assertEquals(refusal(["--usre", "x"]).message, 'Unknown flag "--usre": did you mean "--user"?');
  const placed = {
    ...fetchCommand,
    flags: [{ name: "library", type: "path", summary: "", carriedTo: { list: "output" } }],
  };
  assertEquals(
    refusal(["--output", "x"], placed as Command).message,
    'Unknown flag "--output": here it is "--library"',
  );
  const foreign = {
    ...fetchCommand,
    flags: [{ name: "library", type: "path", summary: "", insteadOf: { "-o": "--library FOLDER" } }],
  };
  const short = refusal(["-o", "x"], foreign as Command);
  assertEquals([short.message, short.hint], [
    'Unknown flag "-o": the command has no such flag',
    "Write --library FOLDER",
  ]);
  assertStringIncludes(refusal(["--zzzzzzzzzz"]).message, 'Unknown flag "--zzzzzzzzzz"');
  assertStringIncludes(refusal(["-qz"]).message, 'Unknown flag "-z"');
  assertStringIncludes(refusal(["--no-limit"]).message, 'Unknown flag "--no-limit"');
  assertStringIncludes(refusal(["--="]).message, 'Unknown flag "--"');
});

Deno.test("parseCommand() never suggests a hidden flag but accepts it", () => {
  assertEquals(parse(["--secret-mode"]).flags.secretMode, true);
  assertEquals(refusal(["--secret-mod"]).message.includes("secret-mode"), false);
});

Deno.test("parseCommand() refuses a flag without its value", () => {
  assertStringIncludes(refusal(["--limit"]).message, "Missing value for --limit");
  assertStringIncludes(refusal(["-n"]).message, "Missing value for -n");
  assertStringIncludes(refusal(["--limit", "--"]).message, "Missing value for --limit");
  assertEquals(refusal(["--out", "--all"]).hint, "To pass it as the value, write --out=--all");
  assertStringIncludes(refusal(["--out="]).message, 'Cannot use "" for --out');
  assertStringIncludes(refusal(["--no-resume=1"]).message, "it takes no value");
});

Deno.test("parseCommand() prefers flags to environment, configuration and defaults, in this order", () => {
  const env = (name: string) => name === "SAMPLE_TIMEOUT" ? "2m" : undefined;
  const config = { path: "x.yml", values: { timeout: "3m", limit: 7 } };
  const of = (parsed: ParsedCommand, name: string) => [parsed.flags[name], parsed.sourceOf(name)];
  assertEquals(of(parse(["--timeout=1m"], { env, config }), "timeout"), [60_000, "flag"]);
  assertEquals(of(parse([], { env, config }), "timeout"), [120_000, "env"]);
  assertEquals(of(parse([], { config }), "timeout"), [180_000, "config"]);
  assertEquals(of(parse([]), "timeout"), [30_000, "default"]);
  assertEquals(of(parse([], { config }), "limit"), [7, "config"]);
  assertEquals(of(parse([]), "ratio"), [undefined, undefined]);
});

Deno.test("parseCommand() names the environment variable of a bad value", () => {
  const error = assertThrows(() => parse([], { env: () => "soon" }), KitError);
  assertStringIncludes(error.message, '"soon" for --timeout (environment SAMPLE_TIMEOUT): must be a number of seconds');
  assertEquals(parse([], { env: () => "" }).sourceOf("timeout"), "default");
});

Deno.test("parseCommand() reads a configuration's lists, numbers, booleans and dates", () => {
  const since = new Date(Date.UTC(2026, 0, 2));
  const config = { path: "x.yml", values: { user: ["a", 5], yes: true, since, resume: false, tags: "x,y" } };
  const { flags } = parse([], { config });
  assertEquals([flags.user, flags.yes, flags.since], [["a", "5"], true, since.toISOString()]);
  assertEquals([flags.resume, flags.tags], [false, ["x", "y"]]);
});

Deno.test("parseCommand() names file and line of a bad configuration", () => {
  const messageOf = (values: Record<string, unknown>): string => {
    const config = { path: "x.yml", values, lines: { limit: 3, out: 4, limt: 5 } };
    return assertThrows(() => parse([], { config }), KitError).message;
  };
  assertStringIncludes(messageOf({ limit: "many" }), '"many" for --limit (x.yml:3): must be a whole number');
  assertStringIncludes(messageOf({ out: ["a"] }), "Cannot use a list for --out (x.yml:4)");
  assertStringIncludes(messageOf({ out: null }), "Cannot use an empty value for --out (x.yml:4)");
  assertStringIncludes(messageOf({ user: { a: 1 } }), "Cannot use a mapping for --user (x.yml)");
  assertStringIncludes(messageOf({ limt: 1 }), 'Unknown setting "limt" (x.yml:5)');
});

Deno.test("parseCommand() refuses flags that exclude each other and names both", () => {
  const error = refusal(["--all", "--user", "a"]);
  assertEquals(error.message, "Cannot use --user with --all: they are mutually exclusive");
  assertEquals(parse(["--no-all", "--user", "a"]).flags.user, ["a"]);
});

Deno.test("parseCommand() takes an answer of several flags from the source of highest precedence alone", () => {
  const command: Command = { ...fetchCommand, unions: [["TARGET", "user", "tags"]] };
  const config = { path: "c.yml", values: { user: ["ann"], tags: "x", limit: 3 } };
  const parsed = (...argv: readonly string[]) => parseCommand(command, argv, { config });
  const answer = ({ flags, args }: ParsedCommand) => [flags.user, flags.tags, args];
  assertEquals(answer(parsed("--limit", "9")), [["ann"], ["x"], []]);
  assertEquals(answer(parsed("12")), [[], [], ["12"]]);
  assertEquals(answer(parsed("--user", "bob", "12")), [["bob"], [], ["12"]]);
  assertEquals(parsed("12").flags.limit, 3);
});

Deno.test("parseCommand() ignores a configured value that a flag excludes", () => {
  const config = { path: "x.yml", values: { user: ["a"] } };
  const { flags, sourceOf } = parse(["--all"], { config });
  assertEquals([flags.all, flags.user, sourceOf("user")], [true, [], undefined]);
  assertThrows(() => parse([], { config: { path: "x.yml", values: { user: "a", all: true } } }), KitError);
});

Deno.test("parseCommand() checks number and values of arguments", () => {
  assertStringIncludes(refusal([], branchCommand).message, "Missing argument ACTION");
  assertStringIncludes(refusal([], branchCommand).hint!, 'Give one of "start", "finish"');
  assertStringIncludes(refusal(["stop"], branchCommand).message, '"stop" for ACTION: must be one of "start", "finish"');
  assertEquals(refusal(["stop"], branchCommand).hint, undefined);
  assertEquals(refusal(["fnish"], branchCommand).hint, 'Did you mean "finish"?');
  assertStringIncludes(refusal(["start", "x"], branchCommand).message, '"x": the command takes one argument');
  assertStringIncludes(refusal(["x"], verifyCommand).message, '"x": the command takes no arguments');
  assertEquals(parseCommand(branchCommand, ["start"]).args, ["start"]);
});

Deno.test("parseCommand() accepts a required flag from any source", () => {
  const command: Command = {
    ...verifyCommand,
    flags: [{ name: "tag", type: "string", summary: "Which", required: true, example: "v1.0.0", env: "TAG" }],
  };
  assertEquals(refusal([], command).message, "Missing flag --tag: Which");
  assertEquals(refusal([], command).hint, "Pass --tag v1.0.0");
  assertEquals(parseCommand(command, [], { env: () => "v2" }).flags.tag, "v2");
});

Deno.test("parseCommand() accepts shared flags, and prefers a command's own flag to a global one", () => {
  const shared = [{ name: "config", type: "path", summary: "File" }] as const;
  assertEquals(parseCommand(verifyCommand, ["--config", "x"], { shared }).flags.config, "x");
  const own = { ...verifyCommand, flags: [{ name: "hash", short: "q", type: "string", summary: "Hash" }] } as const;
  assertEquals(parseCommand(own, ["-q", "abc", "--quiet"]).flags.hash, "abc");
});
