import { join } from "node:path";
import { closest, type Env, formatSize, KitError } from "../lib/base/mod.ts";
import type { Command, ConfigValues } from "../lib/cli/mod.ts";
import { expandHome } from "./_expand_home.ts";
import { readReason } from "./_read_reason.ts";

/** The file's name, in the working directory or in the XDG configuration folder. */
export const CONFIG_NAME = "civitai-dl.yml";

/** Limits far above any real configuration, which has some dozen lines. */
const MAX_LENGTH = 256 * 1024;
const MAX_PARTS = 20_000;

/** A configuration file as it stands: settings for all commands, and sections for single ones. */
export interface ConfigFile {
  /** Where it is. */
  readonly path: string;
  /** The text. */
  readonly text: string;
  /** Parsed; keys are flag names, or a command's name with a mapping of its own. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The home folder, for `~` in paths. */
  readonly home: string | undefined;
}

/**
 * Find and parse the configuration file.
 *
 * @param explicitPath What `--config` names
 * @param env The environment
 * @returns The file, or `null` when there is none
 * @throws {KitError} `usage` for a missing named file, or text that is not a YAML mapping
 */
export async function readConfigFile(explicitPath: string | undefined, env: Env): Promise<ConfigFile | null> {
  const home = env("XDG_CONFIG_HOME") ?? (env("HOME") === undefined ? undefined : join(env("HOME")!, ".config"));
  const places = explicitPath !== undefined
    ? [explicitPath]
    : [CONFIG_NAME, ...home === undefined ? [] : [join(home, "civitai-dl", CONFIG_NAME)]];
  for (const path of places) {
    const text = await readOrNull(path, explicitPath !== undefined);
    if (text !== null) return { path, text, values: await parseConfig(path, text), home: env("HOME") };
  }
  return null;
}

async function readOrNull(path: string, isNamed: boolean): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!isNamed && (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) return null;
    throw new KitError("usage", `Cannot read configuration "${path}": ${readReason(error)}`, {
      hint: isNamed ? "Check --config" : "Take it away, or name another with --config",
      cause: error,
    });
  }
}

async function parseConfig(path: string, text: string): Promise<Readonly<Record<string, unknown>>> {
  if (text.length > MAX_LENGTH) {
    throw new KitError("usage", `Cannot read configuration "${path}": it is larger than ${formatSize(MAX_LENGTH)}`);
  }
  // Most runs have no file, and the parser takes as long to load as the rest of the frame.
  const { parse, YamlSyntaxError } = await import("@std/yaml");
  let value: unknown;
  try {
    value = parse(text, { schema: "core" });
  } catch (error) {
    if (error instanceof RangeError) throw tooMuch(path, error);
    if (!(error instanceof YamlSyntaxError)) throw error;
    const place = `${path}:${error.line}:${error.column}`;
    throw new KitError("usage", `Cannot read configuration ${place}: ${error.message.split("\n")[0]}`, {
      cause: error,
    });
  }
  if (!hasFewParts(value)) throw tooMuch(path);
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new KitError("usage", `Cannot read configuration ${path}:1:1: it is no mapping of settings`);
  }
  return value as Record<string, unknown>;
}

function tooMuch(path: string, cause?: RangeError): KitError {
  return new KitError("usage", `Cannot read configuration "${path}": it has too many values or is nested too deeply`, {
    hint: "Settings are words, numbers and lists of them",
    cause,
  });
}

/** Aliases can expand a few lines to more values than fit into memory, so each use of an alias counts. */
function hasFewParts(value: unknown): boolean {
  const left = [value];
  for (let count = 0; left.length > 0; count++) {
    if (count + left.length > MAX_PARTS) return false;
    const part = left.pop();
    if (typeof part !== "object" || part === null) continue;
    for (const inner of Object.values(part)) left.push(inner);
  }
  return true;
}

/**
 * Pick what concerns one command, and refuse what concerns none.
 *
 * @param file The configuration
 * @param command The command that runs
 * @param all Every command
 * @returns Values by flag name, with their lines
 * @throws {KitError} `usage` for an unknown key, with line and column
 */
export function configFor(file: ConfigFile, command: Command, all: readonly Command[]): ConfigValues {
  const known = new Set(all.flatMap((candidate) => candidate.flags?.map((flag) => flag.name) ?? []));
  const names = new Set(all.map((candidate) => candidate.name));
  const own = new Set(command.flags?.map((flag) => flag.name) ?? []);
  const values: Record<string, unknown> = {};
  const lines: Record<string, number> = {};
  for (const [key, value] of Object.entries(file.values)) {
    if (names.has(key) && typeof value === "object" && value !== null && !Array.isArray(value)) {
      if (key !== command.name) continue;
      for (const [name, inner] of Object.entries(value)) {
        if (!own.has(name)) throw unknownKey(file, name, own);
        values[name] = inner;
        lines[name] = place(file.text, name).line;
      }
    } else if (!known.has(key)) throw unknownKey(file, key, [...known, ...names]);
    else {
      // For all commands together "output" is the library; some have a report there, and the library as a flag of its own.
      const name = key === "output" && own.has("library") ? "library" : key;
      // And there "token" is the API key; the page of a monitor has a token of its own.
      if (!own.has(name) || (key === "token" && !own.has("token-file"))) continue;
      values[name] ??= value;
      lines[name] ??= place(file.text, key).line;
    }
  }
  for (const flag of command.flags ?? []) {
    if (flag.type !== "path" || !Object.hasOwn(values, flag.name)) continue;
    values[flag.name] = expandPaths(file, values[flag.name], `${file.path}:${lines[flag.name]}`);
  }
  return { path: file.path, values, lines };
}

/** Expands one path or a list of them; any other value is refused when the flag is read. */
function expandPaths({ home }: ConfigFile, value: unknown, place: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => typeof item === "string" ? expandHome(item, { home, place }) : item);
  }
  return typeof value === "string" ? expandHome(value, { home, place }) : value;
}

function unknownKey(file: ConfigFile, key: string, known: Iterable<string>): KitError {
  const { line, column } = place(file.text, key);
  const near = closest(key, known);
  return new KitError("usage", `Cannot use configuration ${file.path}:${line}:${column}: unknown key "${key}"`, {
    hint: near === undefined ? "civitai-dl --help lists the flags; each is a key" : `Did you mean "${near}"?`,
  });
}

function place(text: string, key: string): { readonly line: number; readonly column: number } {
  const lines = text.split(/\r?\n/);
  const pattern = new RegExp(`^(\\s*)["']?${RegExp.escape(key)}["']?\\s*:`);
  const index = lines.findIndex((line) => pattern.test(line));
  return { line: index + 1, column: (pattern.exec(lines[index] ?? "")?.[1]?.length ?? 0) + 1 };
}
