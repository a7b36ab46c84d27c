import { parseArgs } from "@std/cli";
import { closest, KitError } from "../../base/mod.ts";
import type { Flag } from "./flag.ts";

/** A command line split into flag values, still as text, and positional arguments. */
export interface BoundArguments {
  /** Values by flag name, in command-line order; a flag that was not set has no entry. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** The positional arguments, in command-line order. */
  readonly args: readonly string[];
}

/**
 * Bind the words of a command line to flags. A general parser has to guess whether the word after a flag is its value.
 * Here the flag's type decides. Each flag is therefore first rewritten as `--name=text`, which is unambiguous.
 */
export function bindArguments(argv: readonly string[], flags: readonly Flag[]): BoundArguments {
  const { normalized, args } = normalizeArguments(argv, flags);
  const names = flags.map((flag) => flag.name);
  const parsed = parseArgs([...normalized, "--", ...args], { "--": true, string: names, collect: names });
  const texts = new Map<string, readonly string[]>();
  for (const name of names) {
    const found = (parsed[name] ?? []) as readonly string[];
    if (found.length > 0) texts.set(name, found);
  }
  return { texts, args: (parsed["--"] ?? []) as readonly string[] };
}

function normalizeArguments(argv: readonly string[], flags: readonly Flag[]): { normalized: string[]; args: string[] } {
  const normalized: string[] = [];
  const args: string[] = [];
  const rest = [...argv];
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (word === "--") return { normalized, args: [...args, ...rest] };
    if (word.startsWith("--")) normalized.push(normalizeLong(word, rest, flags));
    else if (word.startsWith("-") && word !== "-" && !isNegativeNumber(word)) {
      normalized.push(...normalizeShort(word, rest, flags));
    } else args.push(word);
  }
  return { normalized, args };
}

/** Normalize `--name`, `--name=text`, `--name text` or `--no-name`; a separate value is removed from `rest`. */
function normalizeLong(word: string, rest: string[], flags: readonly Flag[]): string {
  const [, name, text] = /^--([^=]*)(?:=(.*))?$/s.exec(word)!;
  const flag = flags.find((candidate) => candidate.name === name);
  if (flag !== undefined) {
    if (text !== undefined) return `--${name}=${text}`;
    return `--${name}=${flag.type === "boolean" ? "true" : takeValue(`--${name}`, rest)}`;
  }
  const positive = name!.startsWith("no-") ? name!.slice(3) : undefined;
  const negated = flags.find((candidate) => candidate.name === positive && candidate.type === "boolean");
  if (negated === undefined) throw unknownFlag(`--${name}`, flags);
  if (text !== undefined) {
    throw new KitError("usage", `Cannot use "${text}" for --${name}: it takes no value`, {
      hint: `Write --${name} or --${negated.name}`,
    });
  }
  return `--${negated.name}=false`;
}

/** Normalize `-q`, `-qv`, `-n5`, `-n=5` or `-n 5`; a separate value is removed from `rest`. */
function normalizeShort(word: string, rest: string[], flags: readonly Flag[]): string[] {
  const normalized: string[] = [];
  for (let index = 1; index < word.length; index++) {
    const flag = flags.find((candidate) => candidate.short === word[index]);
    if (flag === undefined) throw unknownFlag(`-${word[index]}`, flags);
    if (flag.type === "boolean") {
      normalized.push(`--${flag.name}=true`);
      continue;
    }
    const text = word.slice(index + 1).replace(/^=/, "");
    const value = index + 1 < word.length ? text : takeValue(`-${flag.short}`, rest);
    return [...normalized, `--${flag.name}=${value}`];
  }
  return normalized;
}

function takeValue(flag: string, rest: string[]): string {
  const next = rest[0];
  if (next === undefined || next === "--") {
    throw new KitError("usage", `Missing value for ${flag}: nothing follows it`, { hint: `Write ${flag} VALUE` });
  }
  if (next.startsWith("-") && next !== "-" && !isNegativeNumber(next)) {
    throw new KitError("usage", `Missing value for ${flag}: "${next}" looks like a flag`, {
      hint: `To pass it as the value, write ${flag}=${next}`,
    });
  }
  return rest.shift()!;
}

function isNegativeNumber(word: string): boolean {
  return /^-(\d|\.\d)/.test(word);
}

function unknownFlag(word: string, flags: readonly Flag[]): KitError {
  const visible = flags.filter((flag) => !flag.hidden);
  const instead = visible.map(({ insteadOf = {} }) => Object.hasOwn(insteadOf, word) ? insteadOf[word] : undefined)
    .find((words) => words !== undefined);
  if (instead !== undefined) {
    return new KitError("usage", `Unknown flag "${word}": the command has no such flag`, { hint: `Write ${instead}` });
  }
  // Other commands have another name for the same place.
  const same = visible.find(({ carriedTo = {} }) => Object.values(carriedTo).includes(word.slice(2)));
  if (word.startsWith("--") && same !== undefined) {
    return new KitError("usage", `Unknown flag "${word}": here it is "--${same.name}"`, {
      hint: "See --help for all flags",
    });
  }
  const near = word.startsWith("--") ? closest(word.slice(2), visible.map((flag) => flag.name)) : undefined;
  return near === undefined
    ? new KitError("usage", `Unknown flag "${word}": the command has no such flag`, {
      hint: "See --help for its flags",
    })
    : new KitError("usage", `Unknown flag "${word}": did you mean "--${near}"?`, { hint: "See --help for all flags" });
}
