/** One name, or several. */
type Names = string | readonly string[];

/** Options of {@linkcode parseArgs}. */
export interface ParseOptions {
  /** Whether what follows `--` goes into `"--"`, not into `_`. */
  "--"?: boolean;
  /** Other names, by option. */
  alias?: Readonly<Record<string, Names | undefined>>;
  /** Names of options with a boolean value; `true` for all that begin with `--` and hold no `=`. */
  boolean?: boolean | Names;
  /** Names of options whose values are collected into an array. Of any other option, the last value counts. */
  collect?: Names;
  /** Values of the options that are not given, by name. */
  default?: Readonly<Record<string, unknown>>;
  /** Names of options that become false by `--no-` and the name. */
  negatable?: Names;
  /** Whether the first positional argument ends the options. */
  stopEarly?: boolean;
  /** Names of options with a string value, `_` for positional arguments. Elsewhere, a numeral becomes a number. */
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

/** What is declared, by every name that an option has. */
interface Known {
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly booleans: ReadonlySet<string>;
  readonly strings: ReadonlySet<string>;
  readonly collected: ReadonlySet<string>;
  readonly negatable: ReadonlySet<string>;
  /** Whether every option that begins with `--` and holds no `=` is a boolean. */
  readonly allBooleans: boolean;
}

/** An option in a word. Only the last one of a word may lack a value, which the next word then may be. */
interface FoundOption {
  readonly name: string;
  readonly value?: string | boolean;
  /** Whether it begins with two hyphens. */
  readonly isLong?: boolean;
  /** Whether the value replaces what was collected before. */
  readonly replaces?: boolean;
}

/**
 * Parse command-line arguments. A dot in a name makes an object: `--a.b=1` becomes `{ a: { b: 1 } }`.
 *
 * @param args The arguments, without the program
 * @param options The declared options
 * @returns Values by name, positional arguments in `_`
 * @throws {TypeError} If an alias is undefined
 */
export function parseArgs(args: readonly string[], options: ParseOptions = {}): Args {
  const { unknown = () => true, stopEarly = false, default: defaults = {} } = options;
  const known = readOptions(options);
  const parsed: Args = { _: [] };
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const words = args.slice(0, end);
  while (words.length > 0) {
    const word = words.shift()!;
    const found = findOptions(word, known);
    for (const option of found) {
      const value = option.value ?? takeValue(option, words, known);
      if (!isDeclared(option.name, word, known) && unknown(word, option.name, value) === false) continue;
      store(parsed, { ...option, value }, known);
    }
    if (found.length > 0) continue;
    if (unknown(word) !== false) parsed._.push(known.strings.has("_") ? word : toNumber(word));
    if (stopEarly) parsed._.push(...words.splice(0));
  }
  addDefaults(parsed, defaults, known);
  if (options["--"]) parsed["--"] = args.slice(end + 1);
  else parsed._.push(...args.slice(end + 1));
  return parsed;
}

function readOptions(options: ParseOptions): Known {
  const aliases = new Map<string, readonly string[]>();
  for (const [name, others] of Object.entries(options.alias ?? {})) {
    if (others === undefined) throw new TypeError(`Cannot parse arguments: the alias of "${name}" is undefined`);
    const group = [name, ...listOf(others)];
    for (const member of group) aliases.set(member, group.filter((other) => other !== member));
  }
  const withAliases = (names: Names = []) =>
    new Set(listOf(names).flatMap((name) => [name, ...aliases.get(name) ?? []]));
  return {
    aliases,
    booleans: withAliases(typeof options.boolean === "boolean" ? [] : options.boolean),
    strings: withAliases(options.string),
    collected: withAliases(options.collect),
    negatable: withAliases(options.negatable),
    allBooleans: options.boolean === true,
  };
}

function listOf(names: Names): readonly string[] {
  return typeof names === "string" ? [names] : names;
}

/** Find the options in a word: one in `--name`, one per letter in `-xyz`, none in a positional argument. */
function findOptions(word: string, known: Known): readonly FoundOption[] {
  if (!word.startsWith("--")) return word.startsWith("-") ? findLetters(word, known) : [];
  const [, name, text] = /^--(.+?)(?:=(.*))?$/s.exec(word)!;
  if (text !== undefined) return [{ name: name!, value: known.booleans.has(name!) ? text !== "false" : text }];
  const positive = name!.startsWith("no-") ? name!.slice(3) : "";
  if (known.negatable.has(positive)) return [{ name: positive, value: false, replaces: true }];
  return [{ name: name!, isLong: true }];
}

function findLetters(word: string, known: Known): readonly FoundOption[] {
  const found: FoundOption[] = [];
  for (let at = 1; at < word.length; at++) {
    const name = word[at]!;
    const rest = word.slice(at + 1);
    if (isValueOf(name, rest)) return [...found, { name, value: rest.replace(/^=/, "") }];
    found.push(rest === "" ? { name } : { name, value: bareValue(name, known) });
  }
  return found;
}

/** Whether the rest of a word is the value of the letter before it: `-x=1`, `-x-`, `-I/usr`, `-n5`. */
function isValueOf(letter: string, rest: string): boolean {
  return /^(?:[-=]$|\W.)/s.test(rest) || (/[a-z]/i.test(letter) && /\d\.?$/.test(rest));
}

/** The value of an option whose own word has none: the next of the words, which is removed, or the bare value. */
function takeValue({ name, isLong = false }: FoundOption, words: string[], known: Known): string | boolean {
  const next = words[0] ?? "";
  if (known.booleans.has(name) || (isLong && known.allBooleans)) {
    return ["true", "false"].includes(next) ? words.shift() === "true" : true;
  }
  // A lone hyphen is a value only after letters.
  const isOption = next.startsWith("-") && (isLong || next !== "-");
  return next === "" || isOption ? bareValue(name, known) : words.shift()!;
}

function bareValue(name: string, known: Known): string | boolean {
  return known.strings.has(name) ? "" : true;
}

function isDeclared(name: string, word: string, known: Known): boolean {
  if (known.allBooleans && /^--[^=]+$/.test(word)) return true;
  return [known.aliases, known.booleans, known.strings, known.collected].some((names) => names.has(name));
}

function store(parsed: Args, { name, value, replaces = false }: FoundOption, known: Known): void {
  const typed = typeof value === "string" && !known.strings.has(name) ? toNumber(value) : value;
  const isCollected = known.collected.has(name) && !replaces;
  for (const path of namesOf(name, known)) {
    const before = isCollected ? getAt(parsed, path) : undefined;
    setAt(parsed, path, isCollected ? [...Array.isArray(before) ? before : [], typed] : typed);
  }
}

function namesOf(name: string, known: Known): readonly string[] {
  return [name, ...known.aliases.get(name) ?? []];
}

function toNumber(text: string): string | number {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function addDefaults(parsed: Args, defaults: Readonly<Record<string, unknown>>, known: Known): void {
  for (const [name, value] of Object.entries(defaults)) {
    if (getAt(parsed, name) !== undefined) continue;
    for (const path of namesOf(name, known)) setAt(parsed, path, value);
  }
  for (const name of [...known.booleans, ...known.strings]) {
    if (getAt(parsed, name) !== undefined) continue;
    if (known.collected.has(name)) setAt(parsed, name, []);
    else if (known.booleans.has(name)) setAt(parsed, name, false);
  }
}

function getAt(holder: unknown, path: string): unknown {
  let found = holder;
  for (const name of path.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** Set a value, and make the objects above it. `getAt` finds own properties only, so no prototype is written to. */
function setAt(holder: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split(".");
  if (names.includes("__proto__")) return;
  const last = names.pop()!;
  let inner = holder;
  for (const name of names) {
    if (typeof getAt(inner, name) !== "object") inner[name] = {};
    inner = inner[name] as Record<string, unknown>;
  }
  inner[last] = value;
}
