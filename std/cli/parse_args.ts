/** One name, or several. */
type Names = string | readonly string[];

/** Options of {@linkcode parseArgs}. */
export interface ParseOptions {
  /** Whether what follows `--` goes into `"--"`, not into `_`. */
  "--"?: boolean;
  /** Names of options whose values are collected into an array. Of any other option, the last value counts. */
  collect?: Names;
  /** Names of options with a string value. Elsewhere, a numeral becomes a number. */
  string?: Names;
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
 * Parse command-line arguments of the forms `--name=value`, `--name value` and `--name`.
 *
 * @param args The arguments, without the program
 * @param options The declared options
 * @returns Values by name, positional arguments in `_`
 */
export function parseArgs(args: readonly string[], options: ParseOptions = {}): Args {
  const { unknown = () => true } = options;
  const strings = new Set(listOf(options.string));
  const collected = new Set(listOf(options.collect));
  const parsed: Args = { _: [] };
  for (const name of collected) parsed[name] = [];
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const words = args.slice(0, end);
  while (words.length > 0) {
    const word = words.shift()!;
    const [, name, text] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) {
      if (unknown(word) !== false) parsed._.push(toNumber(word));
      continue;
    }
    const value = text ?? takeValue(words) ?? (strings.has(name) ? "" : true);
    const isDeclared = strings.has(name) || collected.has(name);
    if (!isDeclared && unknown(word, name, value) === false) continue;
    const typed = typeof value === "string" && !strings.has(name) ? toNumber(value) : value;
    parsed[name] = collected.has(name) ? [...parsed[name], typed] : typed;
  }
  if (options["--"]) parsed["--"] = args.slice(end + 1);
  else parsed._.push(...args.slice(end + 1));
  return parsed;
}

function listOf(names: Names = []): readonly string[] {
  return typeof names === "string" ? [names] : names;
}

/** The value of an option whose own word has none: the next of the words, which is removed. */
function takeValue(words: string[]): string | undefined {
  const next = words[0] ?? "";
  return next === "" || next.startsWith("-") ? undefined : words.shift();
}

function toNumber(text: string): string | number {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
