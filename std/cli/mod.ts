/**
 * `@std/cli` on top of `minimist` and the platform, for networks that reach npm only. It has just the functions that
 * the project uses.
 *
 * @module
 */
// @ts-types="npm:@types/minimist@^1.2.5"
import minimist from "npm:minimist@^1.2.8";

/** Options of {@linkcode parseArgs}, as far as the project uses those of std. */
export interface ParseOptions {
  /** Put everything after `--` into `"--"`. */
  "--"?: boolean;
  /** Names of options with a boolean value. */
  boolean?: string[];
  /** Names of options with a string value. */
  string?: string[];
  /** Names of options whose values are collected into an array; each must be in `string` too. */
  collect?: string[];
  /** Alternative names, by option. */
  alias?: Record<string, string>;
  /** Called for each argument that no option declares; `false` drops it. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The result of {@linkcode parseArgs}: one property per option, positional arguments in `_`. */
export interface Args {
  /** Positional arguments. */
  _: (string | number)[];
  // deno-lint-ignore no-explicit-any -- as in std, a value is whatever the option says
  [name: string]: any;
}

/**
 * Parse command-line arguments.
 *
 * @param args The arguments, without the program
 * @param options The declared options
 * @returns Values by name, positional arguments in `_`
 */
export function parseArgs(args: string[], options: ParseOptions = {}): Args {
  const { collect = [], boolean = [], string = [], alias = {}, unknown } = options;
  const parsed = minimist([...args], {
    boolean,
    string: [...string, "_"],
    alias,
    ...(options["--"] === undefined ? {} : { "--": options["--"] }),
    ...(unknown === undefined ? {} : { unknown: (arg: string) => unknownArgument(arg, unknown) }),
  }) as Args;
  for (const name of collect) {
    const value = parsed[name];
    parsed[name] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  }
  for (const name of string) {
    // std keeps the last value of a repeated string option; minimist collects all.
    if (!collect.includes(name) && Array.isArray(parsed[name])) parsed[name] = parsed[name].at(-1);
  }
  return parsed;
}

function unknownArgument(arg: string, unknown: NonNullable<ParseOptions["unknown"]>): boolean {
  const match = /^--?(?:no-)?([^=]+)(?:=(.*))?$/s.exec(arg);
  return (match === null ? unknown(arg) : unknown(arg, match[1], match[2])) !== false;
}

/** Options of {@linkcode promptSecret}. */
export interface PromptSecretOptions {
  /** Shown for each character, `*` by default; an empty string shows nothing. */
  mask?: string;
  /** Whether to erase the line afterwards; false by default. */
  clear?: boolean;
}

/**
 * Prompt for a secret on the terminal without showing it.
 *
 * @param message The text of the prompt
 * @param options Masking, and whether to erase the line
 * @returns The secret, or `null` if standard input is not a terminal
 */
export function promptSecret(message = "Secret", options: PromptSecretOptions = {}): string | null {
  const { mask = "*", clear = false } = options;
  if (!Deno.stdin.isTerminal()) return null;
  const encoder = new TextEncoder();
  Deno.stderr.writeSync(encoder.encode(`${message} `));
  Deno.stdin.setRaw(true, { cbreak: true });
  const letters: string[] = [];
  try {
    const byte = new Uint8Array(1);
    while (Deno.stdin.readSync(byte) === 1 && byte[0] !== 0x0a && byte[0] !== 0x0d) {
      if (byte[0] === 0x7f) letters.pop();
      else letters.push(String.fromCharCode(byte[0]!));
      Deno.stderr.writeSync(encoder.encode(`\r\x1b[K${message} ${mask.repeat(letters.length)}`));
    }
  } finally {
    Deno.stdin.setRaw(false);
    Deno.stderr.writeSync(encoder.encode(clear ? "\r\x1b[K" : "\n"));
  }
  return letters.join("");
}
