import { assertEquals } from "@std/assert";
import { parseArgs, promptSecret, type PromptSecretOptions } from "@std/cli";

Deno.test("parseArgs() reads strings, repeated values and words", () => {
  const args = parseArgs(["--name", "a=b", "--other==c", "--id", "7", "--id=1e3", "--tag=x", "--tag", "y", "word"], {
    string: ["name", "other", "id", "tag"],
    collect: ["tag"],
  });
  assertEquals(args, { name: "a=b", other: "=c", id: "1e3", tag: ["x", "y"], _: ["word"] });
});

Deno.test("parseArgs() omits missing options, and sets a string to empty if no value follows", () => {
  const options = { string: ["name", "tag"], collect: ["tag"] };
  assertEquals(parseArgs([], options), { tag: [], _: [] });
  assertEquals(parseArgs(["--name", "--tag=x"], options), { name: "", tag: ["x"], _: [] });
});

Deno.test("parseArgs() keeps everything after --", () => {
  assertEquals(parseArgs(["a", "--", "--deep", "-x"], { "--": true }), { _: ["a"], "--": ["--deep", "-x"] });
});

Deno.test("parseArgs() reports undeclared options with their values, and words", () => {
  const seen: unknown[] = [];
  const unknown = (arg: string, key?: string, value?: unknown): boolean => {
    seen.push([arg, key, value]);
    return false;
  };
  assertEquals(parseArgs(["--wat=1", "word", "--name", "a", "--so", "5"], { string: "name", unknown }), {
    name: "a",
    _: [],
  });
  assertEquals(seen, [["--wat=1", "wat", "1"], ["word", undefined, undefined], ["--so", "so", "5"]]);
});

Deno.test("parseArgs() converts numerals to numbers, except in strings", () => {
  assertEquals(parseArgs(["--n", "0x10", "--s", "1", "2", "1e3f"], { string: "s" }), { n: 16, s: "1", _: [2, "1e3f"] });
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
