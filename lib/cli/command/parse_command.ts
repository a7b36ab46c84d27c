import { closest, type Env, KitError } from "../../base/mod.ts";
import { bindArguments } from "./_bind_arguments.ts";
import { type Layer, layerOfConfig, layerOfDefaults, layerOfEnv, layerOfFlags } from "./_find_values.ts";
import type { AnyFlags, ArgSpec, Command, GlobalFlags } from "./command.ts";
import type { ConfigValues } from "./config_values.ts";
import type { Flag, FlagSource } from "./flag.ts";
import type { FoundValue } from "./found_value.ts";
import { toFlagProperties } from "./typed_flags.ts";
import { mergeFlags } from "./merge_flags.ts";

/** Options of {@linkcode parseCommand}. */
export interface ParseCommandOptions {
  /**
   * Reads the environment.
   *
   * @default {an empty environment}
   */
  readonly env?: Env;
  /** The values of the configuration file, if there is one. */
  readonly config?: ConfigValues | undefined;
  /** The flags that the program adds to each command. */
  readonly shared?: readonly Flag[] | undefined;
}

/** A parsed and validated command line. */
export interface ParsedCommand {
  /** The flag values by their names in camelCase. */
  readonly flags: AnyFlags & GlobalFlags;
  /** The values of all flags that have one, with their sources, by flag name. */
  readonly values: ReadonlyMap<string, FoundValue>;
  /** The positional arguments, in order. */
  readonly args: readonly string[];
  /** Returns the source of a flag's value; `undefined` if the flag has no value. */
  readonly sourceOf: (name: string) => FlagSource | undefined;
}

/**
 * Parse and validate a command's arguments. Values are taken from the command line, the environment, the configuration
 * file and the defaults, in this order of precedence. The same precedence decides between mutually exclusive flags, and
 * between flags that add up to one answer.
 *
 * @throws {KitError} `usage` if a flag or argument is unknown, missing, superfluous or malformed
 */
export function parseCommand(
  command: Command,
  argv: readonly string[],
  options: ParseCommandOptions = {},
): ParsedCommand {
  const { env = () => undefined, config, shared } = options;
  const flags = mergeFlags(command.flags ?? [], shared);
  const bound = bindArguments(argv, flags);
  const found = [
    layerOfFlags(flags, bound.texts),
    layerOfEnv(flags, env),
    config === undefined ? new Map() : layerOfConfig(flags, config),
  ];
  const typed = bound.args.length === 0 ? [] : (command.args ?? []).map(({ name }) => name);
  const layers = unite(command.unions ?? [], exclude(command.excludes ?? [], found), typed);
  const values = new Map<string, FoundValue>();
  for (const layer of [layerOfDefaults(flags), ...layers.toReversed()]) {
    for (const [name, found] of layer) values.set(name, found);
  }
  for (const flag of flags) {
    if (flag.required && !values.has(flag.name)) {
      throw new KitError("usage", `Missing flag --${flag.name}: ${flag.summary}`, {
        hint: `Pass --${flag.name}${flag.example === undefined ? "" : ` ${flag.example}`}`,
      });
    }
  }
  checkArguments(command.args ?? [], bound.args);
  const sourceOf = (name: string): FlagSource | undefined => {
    if (flags.some((flag) => flag.name === name)) return values.get(name)?.source;
    throw new TypeError(`Cannot look up --${name}: the command does not declare it`);
  };
  return { flags: toFlagProperties(flags, values) as AnyFlags & GlobalFlags, values, args: bound.args, sourceOf };
}

/**
 * Apply sets of mutually exclusive flags. Two flags of a set from the same source are an error. A flag from a source of
 * higher precedence removes the other flags of its set from the sources of lower precedence. `--no-x` excludes nothing.
 * Defaults are not affected.
 */
function exclude(sets: readonly (readonly string[])[], layers: readonly Layer[]): readonly Layer[] {
  const kept = layers.map((layer) => new Map(layer));
  for (const set of sets) {
    let winner: string | undefined;
    for (const layer of kept) {
      const present = set.filter((name) => layer.has(name) && layer.get(name)!.value !== false);
      if (winner !== undefined) {
        for (const name of present) if (name !== winner) layer.delete(name);
        continue;
      }
      if (present.length > 1) {
        const [first, second] = present;
        throw new KitError("usage", `Cannot use --${first} with --${second}: they are mutually exclusive`, {
          hint: `Pass one of ${set.map((name) => `--${name}`).join(", ")}`,
        });
      }
      winner = present[0];
    }
  }
  return kept;
}

/**
 * Apply sets of flags that add up to one answer: the source of highest precedence that gives any of a set answers alone.
 * Arguments are given on the command line, which is the first source.
 */
function unite(
  sets: readonly (readonly string[])[],
  layers: readonly Layer[],
  typed: readonly string[],
): readonly Layer[] {
  const kept = layers.map((layer) => new Map(layer));
  for (const set of sets) {
    const answering = set.some((name) => typed.includes(name))
      ? 0
      : kept.findIndex((layer) => set.some((name) => layer.has(name)));
    if (answering === -1) continue;
    for (const layer of kept.slice(answering + 1)) for (const name of set) layer.delete(name);
  }
  return kept;
}

function checkArguments(specs: readonly ArgSpec[], args: readonly string[]): void {
  const missing = specs.find((spec, index) => spec.required && args[index] === undefined);
  if (missing !== undefined) {
    throw new KitError("usage", `Missing argument ${missing.name}: ${missing.summary}`, {
      hint: missing.choices === undefined
        ? "See --help for the usage and examples"
        : `Give one of ${missing.choices.map((choice) => `"${choice}"`).join(", ")}; see --help for examples`,
    });
  }
  for (const [index, text] of args.entries()) {
    const spec = specs[index] ?? (specs.at(-1)?.multiple ? specs.at(-1) : undefined);
    if (spec === undefined) {
      throw new KitError("usage", `Unexpected argument "${text}": the command takes ${countText(specs.length)}`, {
        hint: "Quote a value that has spaces; see --help for the usage",
      });
    }
    if (spec.choices !== undefined && !spec.choices.includes(text)) {
      const all = spec.choices.map((choice) => `"${choice}"`).join(", ");
      const near = closest(text, spec.choices);
      throw new KitError(
        "usage",
        `Cannot use "${text}" for ${spec.name}: must be one of ${all}`,
        near === undefined ? {} : { hint: `Did you mean "${near}"?` },
      );
    }
  }
}

function countText(count: number): string {
  if (count === 0) return "no arguments";
  return count === 1 ? "one argument" : `at most ${count} arguments`;
}
