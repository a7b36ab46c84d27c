import { closest, type Env, KitError } from "../../base/mod.ts";
import type { ConfigValues } from "./config_values.ts";
import type { Flag, FlagScalar, FlagSource } from "./flag.ts";
import type { FoundValue } from "./found_value.ts";
import { parseFlagValue } from "./parse_flag_value.ts";

/** The unparsed values of a flag from one source; `place` names the source in error messages. */
interface RawValue {
  readonly texts: readonly string[];
  readonly place?: string;
}

/** The parsed values of one source, by flag name. */
export type Layer = ReadonlyMap<string, FoundValue>;

/** Parse the values given on the command line. */
export function layerOfFlags(flags: readonly Flag[], texts: ReadonlyMap<string, readonly string[]>): Layer {
  return createLayer(flags, "flag", (flag) => {
    const found = texts.get(flag.name);
    return found === undefined ? undefined : { texts: found };
  });
}

/** Parse the values from environment variables; an empty variable counts as unset. */
export function layerOfEnv(flags: readonly Flag[], env: Env): Layer {
  return createLayer(flags, "env", (flag) => {
    const text = flag.env === undefined ? undefined : env(flag.env);
    return text === undefined || text === "" ? undefined : { texts: [text], place: `environment ${flag.env}` };
  });
}

/** Parse the values from the configuration file; a name that is not a flag is an error. */
export function layerOfConfig(flags: readonly Flag[], config: ConfigValues): Layer {
  for (const name of Object.keys(config.values)) {
    if (flags.some((flag) => flag.name === name)) continue;
    const near = closest(name, flags.filter((flag) => !flag.hidden).map((flag) => flag.name));
    throw new KitError("usage", `Unknown setting "${name}" (${placeOf(config, name)}): no flag has this name`, {
      hint: near === undefined ? "See --help for the flags" : `Did you mean "${near}"?`,
    });
  }
  return createLayer(flags, "config", (flag) => {
    if (!Object.hasOwn(config.values, flag.name)) return undefined;
    const place = placeOf(config, flag.name);
    return { texts: configTexts(flag, config.values[flag.name], place), place };
  });
}

/** Parse the defaults that the flags declare. */
export function layerOfDefaults(flags: readonly Flag[]): Layer {
  return createLayer(flags, "default", (flag) => {
    if (flag.default === undefined) return undefined;
    return { texts: [flag.default].flat().map(String), place: "its default" };
  });
}

function createLayer(flags: readonly Flag[], source: FlagSource, findRaw: (flag: Flag) => RawValue | undefined): Layer {
  const layer = new Map<string, FoundValue>();
  for (const flag of flags) {
    const raw = findRaw(flag);
    if (raw !== undefined) layer.set(flag.name, { value: parseAll(flag, raw), source });
  }
  return layer;
}

/** Parse the last value, or all values of a repeatable flag. */
function parseAll(flag: Flag, raw: RawValue): FlagScalar | readonly FlagScalar[] {
  const { texts, place } = raw;
  if (!flag.multiple) return parseFlagValue(flag, texts.at(-1) ?? "", { place });
  const parts = flag.split === undefined ? texts : texts.flatMap((text) => text.split(flag.split!));
  return parts.map((text) => parseFlagValue(flag, flag.split === undefined ? text : text.trim(), { place }));
}

function placeOf(config: ConfigValues, name: string): string {
  const line = config.lines?.[name];
  return line === undefined ? config.path : `${config.path}:${line}`;
}

/** Convert the file's numbers, booleans, dates and lists to text, so that the flag's own parser applies to them too. */
function configTexts(flag: Flag, value: unknown, place: string): string[] {
  if (Array.isArray(value) && flag.multiple) return value.flatMap((item) => configTexts(flag, item, place));
  if (value instanceof Date) return [value.toISOString()];
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return [String(value)];
  const shape = Array.isArray(value) ? "a list" : "a mapping";
  throw new KitError(
    "usage",
    `Cannot use ${value === null ? "an empty value" : shape} for --${flag.name} (${place}): must be one value`,
    {
      hint: flag.multiple ? "Write one value or a list of them" : "Write one value after the colon",
    },
  );
}
