import type { Flag, FlagType, FlagValue } from "./flag.ts";
import type { FoundValue } from "./found_value.ts";

/** A flag's name as a property name: `max-retries` becomes `maxRetries`. */
export type FlagKey<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<FlagKey<Tail>>}`
  : Name;

/** Types whose value is a number: durations in milliseconds, sizes in bytes. */
export type NumericType = "integer" | "number" | "duration" | "size";

/** The type of a single value of a flag, derived from the flag's definition. */
export type FlagScalarOf<F extends Flag> = F["type"] extends "boolean" ? boolean
  : F["type"] extends NumericType ? number
  : F extends { readonly type: "choice"; readonly choices: readonly (infer Choice)[] } ? Choice
  : string;

/** The type of a flag's value, derived from the flag's definition. */
export type FlagValueOf<F extends Flag> = FlagType extends F["type"] ? FlagValue | undefined
  : F extends { readonly multiple: true } ? readonly FlagScalarOf<F>[]
  : F["type"] extends "boolean" ? boolean
  : F extends { readonly default: FlagValue } | { readonly required: true } ? FlagScalarOf<F>
  : FlagScalarOf<F> | undefined;

/**
 * The values of flags, with types derived from their definitions: `--engine` with the choices `stable` and `turbo` and
 * a default becomes `{ engine: "stable" | "turbo" }`. A boolean without a value is `false`, a repeatable flag without
 * one is `[]`, and any other flag without a value or default is `undefined`.
 */
export type FlagsOf<Flags extends readonly Flag[]> = {
  readonly [F in Flags[number] as FlagKey<F["name"]>]: FlagValueOf<F>;
};

/**
 * Set the heading of flags in help, without losing their types.
 *
 * @returns The same flags, with the heading
 */
export function inGroup<const Flags extends readonly Flag[]>(group: string, flags: Flags): Flags {
  return flags.map((flag) => ({ ...flag, group })) as unknown as Flags;
}

/**
 * Let the top of a configuration file set flags for all their commands, without losing their types; a flag with a
 * `setting` of its own keeps that.
 *
 * @returns The same flags, as shared settings
 */
export function asShared<const Flags extends readonly Flag[]>(flags: Flags): Flags {
  return flags.map((flag) => ({ setting: "shared", ...flag })) as unknown as Flags;
}

/**
 * Convert parsed values to properties.
 *
 * @param values The values by flag name; a flag without an entry has no value
 * @returns One property per flag; see {@linkcode FlagsOf}
 */
export function toFlagProperties(
  flags: readonly Flag[],
  values: ReadonlyMap<string, FoundValue>,
): Readonly<Record<string, FlagValue | undefined>> {
  return Object.fromEntries(flags.map((flag) => [flagKey(flag.name), values.get(flag.name)?.value ?? absent(flag)]));
}

/** Convert a flag's name to its property. */
export function flagKey(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function absent({ type, multiple }: Flag): FlagValue | undefined {
  if (multiple) return [];
  return type === "boolean" ? false : undefined;
}
