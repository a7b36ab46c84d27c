import { assertEquals, assertThrows } from "@std/assert";
import { parseArgs, promptSecret, type PromptSecretOptions } from "@std/cli";

Deno.test("parseArgs() reads strings, booleans and repeated values", () => {
  const args = parseArgs(["--name", "a", "--tag=x", "--tag", "y", "--deep", "word"], {
    string: ["name", "tag"],
    collect: ["tag"],
    boolean: ["deep"],
  });
  assertEquals([args.name, args.tag, args.deep, args._], ["a", ["x", "y"], true, ["word"]]);
});

Deno.test("parseArgs() keeps a string as a string, and the last of several", () => {
  const args = parseArgs(["--id", "007", "--id", "1e3"], { string: ["id"] });
  assertEquals(args.id, "1e3");
});

Deno.test("parseArgs() omits missing options", () => {
  const args = parseArgs([], { string: ["name", "tag"], collect: ["tag"], boolean: ["deep"] });
  assertEquals([args.name, args.tag, args.deep, args._], [undefined, [], false, []]);
});

Deno.test("parseArgs() sets a string to empty if no value follows", () =>
  assertEquals(parseArgs(["--name"], { string: ["name"] }).name, ""));

Deno.test("parseArgs() accepts a value that starts with or contains an equals sign", () =>
  assertEquals(parseArgs(["--name=a=b", "--other==c"], { string: ["name", "other"] }), {
    _: [],
    name: "a=b",
    other: "=c",
  }));

Deno.test("parseArgs() accepts short names, also combined", () => {
  const options = { string: ["output"], boolean: ["yes"], alias: { output: "o", yes: "y" } };
  for (const words of [["-o", "x", "-y"], ["-o=x", "-y"], ["-yo", "x"]]) {
    const { output, yes } = parseArgs(words, options);
    assertEquals([output, yes], ["x", true]);
  }
});

Deno.test("parseArgs() keeps everything after --", () => {
  const args = parseArgs(["a", "--", "--deep", "-x"], { boolean: ["deep"], "--": true });
  assertEquals([args._, args["--"], args.deep], [["a"], ["--deep", "-x"], false]);
});

Deno.test("parseArgs() reports undeclared options", () => {
  const seen: unknown[] = [];
  const unknown = (arg: string, key?: string, value?: unknown): boolean => {
    seen.push([arg, key, value]);
    return false;
  };
  const args = parseArgs(["--wat=1", "word", "--name", "a"], { string: ["name"], unknown });
  assertEquals(args.name, "a");
  assertEquals(args.wat, undefined);
  assertEquals(seen, [["--wat=1", "wat", "1"], ["word", undefined, undefined]]);
});

Deno.test("parseArgs() reports an undeclared option with the value that follows it", () => {
  const seen: unknown[] = [];
  parseArgs(["--wat", "5", "-x"], { unknown: (...told) => void seen.push(told) });
  assertEquals(seen, [["--wat", "wat", "5"], ["-x", "x", true]]);
});

Deno.test("parseArgs() converts numerals to numbers, except in strings", () => {
  const args = parseArgs(["--n", "0x10", "--s", "1", "2", "1e3f"], { string: "s" });
  assertEquals(args, { n: 16, s: "1", _: [2, "1e3f"] });
  assertEquals<unknown>(parseArgs(["2"], { string: "_" })._, ["2"]);
});

Deno.test("parseArgs() keeps the last value of an option that is not collected", () => {
  assertEquals(parseArgs(["--a", "1", "--a", "2", "--b", "--b"]), { a: 2, b: true, _: [] });
  assertEquals(parseArgs(["-b", "--bool"], { boolean: "bool", collect: "bool", alias: { bool: "b" } }), {
    bool: [true, true],
    b: [true, true],
    _: [],
  });
});

Deno.test("parseArgs() negates only negatable options", () => {
  assertEquals(parseArgs(["--no-a"]), { "no-a": true, _: [] });
  const options = { string: ["a"], collect: ["a"], negatable: ["a"] };
  assertEquals(parseArgs(["--a", "1", "--no-a"], options), { a: false, _: [] });
});

Deno.test("parseArgs() applies defaults, also of a dotted name and its alias", () => {
  const args = parseArgs(["--given"], { default: { given: 1, "a.b": 2, none: null }, alias: { "a.b": "c" } });
  assertEquals(args, { given: true, a: { b: 2 }, c: 2, none: null, _: [] });
});

Deno.test("parseArgs() stops early on request", () =>
  assertEquals(parseArgs(["-a", "1", "word", "-b"], { stopEarly: true }), { a: 1, _: ["word", "-b"] }));

Deno.test("parseArgs() treats every option as boolean on request", () =>
  assertEquals(parseArgs(["--a", "word", "--b", "false", "--c=1"], { boolean: true }), {
    a: true,
    b: false,
    c: 1,
    _: ["word"],
  }));

Deno.test("parseArgs() accepts names of built-in properties without touching a prototype", () => {
  assertEquals(Object.entries(parseArgs(["--toString", "--__proto__.a", "1", "--constructor.prototype.a", "1"]))[1], [
    "toString",
    true,
  ]);
  assertEquals(Reflect.get({}, "a"), undefined);
});

Deno.test("parseArgs() refuses an undefined alias", () => {
  assertThrows(() => parseArgs([], { alias: { a: undefined as unknown as string } }), TypeError);
});

/** Answer a prompt with keys on a terminal of the given width. Returns the secret and each piece drawn. */
function answerPrompt(keys: string, columns: number, options: PromptSecretOptions = {}): readonly (string | null)[] {
  const bytes = new TextEncoder().encode(keys).values();
  const drawn: string[] = [];
  const stand = (holder: object, name: string, value: unknown) => {
    const real = Object.getOwnPropertyDescriptor(holder, name);
    Object.defineProperty(holder, name, { value, configurable: true, writable: true });
    return () => real === undefined ? Reflect.deleteProperty(holder, name) : Object.defineProperty(holder, name, real);
  };
  const restore = [
    stand(Deno, "consoleSize", () => ({ columns, rows: 24 })),
    stand(Deno.stdin, "isTerminal", () => true),
    stand(Deno.stdin, "setRaw", () => {}),
    stand(Deno.stdin, "readSync", (key: Uint8Array) => {
      const { value, done } = bytes.next();
      key[0] = value ?? 0;
      return done ? null : 1;
    }),
    stand(Deno.stdout, "writeSync", (text: Uint8Array) => drawn.push(new TextDecoder().decode(text)) && text.length),
  ];
  try {
    return [promptSecret("?", options), ...drawn];
  } finally {
    for (const each of restore) each();
  }
}

Deno.test("promptSecret() draws the mask and erases deleted characters", () => {
  const erase = "\r\x1b[K";
  assertEquals(answerPrompt("ab\x7f\bé\n", 80), [
    "é",
    "? ",
    ...["? *", "? **", "? *", "? ", "? *", "? **"].flatMap((line) => [erase, line]),
    "\n",
  ]);
});

Deno.test("promptSecret() draws nothing without a mask, and clears the line on request", () => {
  assertEquals(answerPrompt("ab\r", 80, { mask: "", clear: true }), ["ab", "? ", "\r\x1b[K"]);
});

Deno.test("promptSecret() wraps in a narrow terminal, and back", () => {
  const erase = "\r\x1b[K";
  assertEquals(answerPrompt("ab\x7f", 3), ["a", "? ", erase, "? *", "*", erase, "\r\x1b[1F", "? *", "\n"]);
});

Deno.test("promptSecret() returns null without a terminal", () => {
  if (!Deno.stdin.isTerminal()) assertEquals(promptSecret("Key", { mask: "", clear: true }), null);
});
