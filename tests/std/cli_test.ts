import { assertEquals } from "@std/assert";
import { parseArgs, promptSecret } from "@std/cli";

Deno.test("parseArgs() reads texts, booleans and what has been given several times", () => {
  const args = parseArgs(["--name", "a", "--tag=x", "--tag", "y", "--deep", "word"], {
    string: ["name", "tag"],
    collect: ["tag"],
    boolean: ["deep"],
  });
  assertEquals([args.name, args.tag, args.deep, args._], ["a", ["x", "y"], true, ["word"]]);
});

Deno.test("parseArgs() keeps a text a text, and the last of several", () => {
  const args = parseArgs(["--id", "007", "--id", "1e3"], { string: ["id"] });
  assertEquals(args.id, "1e3");
});

Deno.test("parseArgs() knows what was not given", () => {
  const args = parseArgs([], { string: ["name", "tag"], collect: ["tag"], boolean: ["deep"] });
  assertEquals([args.name, args.tag, args.deep, args._], [undefined, [], false, []]);
});

Deno.test("parseArgs() sets a text to nothing when no value follows", () =>
  assertEquals(parseArgs(["--name"], { string: ["name"] }).name, ""));

Deno.test("parseArgs() takes a value that begins with an equals sign or holds one", () =>
  assertEquals(parseArgs(["--name=a=b", "--other==c"], { string: ["name", "other"] }), {
    _: [],
    name: "a=b",
    other: "=c",
  }));

Deno.test("parseArgs() knows short names, also joined", () => {
  const options = { string: ["output"], boolean: ["yes"], alias: { output: "o", yes: "y" } };
  for (const words of [["-o", "x", "-y"], ["-o=x", "-y"], ["-yo", "x"]]) {
    const { output, yes } = parseArgs(words, options);
    assertEquals([output, yes], ["x", true]);
  }
});

Deno.test("parseArgs() leaves everything behind -- alone", () => {
  const args = parseArgs(["a", "--", "--deep", "-x"], { boolean: ["deep"], "--": true });
  assertEquals([args._, args["--"], args.deep], [["a"], ["--deep", "-x"], false]);
});

Deno.test("parseArgs() tells what no option declares", () => {
  const seen: unknown[] = [];
  const unknown = (arg: string, key?: string, value?: unknown): boolean => {
    seen.push([arg, key, value]);
    return false;
  };
  const args = parseArgs(["--wat=1", "word", "--name", "a"], { string: ["name"], unknown });
  assertEquals(args.name, "a");
  assertEquals(args.wat, undefined);
  assertEquals(seen.map((entry) => (entry as unknown[])[0]), ["--wat=1", "word"]);
  assertEquals((seen[0] as unknown[]).slice(1).map(String), ["wat", "1"]);
});

Deno.test("promptSecret() asks nobody when there is no terminal", () => {
  if (!Deno.stdin.isTerminal()) assertEquals(promptSecret("Key", { mask: "", clear: true }), null);
});
