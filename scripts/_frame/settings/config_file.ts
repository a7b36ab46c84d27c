import { join } from "node:path";
import { assertPlainFile, closest, type Env, KitError, readReason } from "../../../lib/base/mod.ts";
import type { Command, ConfigValues, Flag } from "../../../lib/cli/mod.ts";
import type { Mistakes, YamlText } from "../../../lib/config/mod.ts";
import { CHECKOUT_TASK_NAMES } from "../command_index.ts";
import { expandHome } from "../expand_home.ts";
import type { KnownSettings } from "./known_settings.ts";
import { configFolder, homeFolder } from "./user_folders.ts";

/** The file's name, in the working directory or in the folder of the user's configuration. */
export const CONFIG_NAME = "civitai-dl.yml";

/** A parsed configuration file: settings that commands share, and sections for single ones. */
export interface ConfigFile {
  /** Path of the file. */
  readonly path: string;
  /** The text, with line and column positions. */
  readonly yaml: YamlText;
  /** Names that the file may use. */
  readonly known: KnownSettings;
  /** Creates an empty list of errors for this file. */
  readonly collectMistakes: () => Mistakes;
  /** Parsed settings. A key is either a shared setting, or the name of a command, whose value is a mapping. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The home folder, for `~` in paths. */
  readonly home: string | undefined;
}

/** Options of {@linkcode readConfigFile}. */
export interface ReadConfigFileOptions {
  /** Stops waiting for a pipe that `--config` names; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Find and parse the configuration file.
 *
 * @param explicitPath The value of `--config`, if it is set
 * @returns The file, or `null` when there is none
 * @throws {KitError} `usage` if the file cannot be read, or does not exist although `--config` is set; `unsafe` if it is
 * a pipe or a device that `--config` does not name
 * @throws {ConfigError} If the text is not a YAML mapping
 */
export async function readConfigFile(
  explicitPath: string | undefined,
  env: Env,
  options: ReadConfigFileOptions = {},
): Promise<ConfigFile | null> {
  for (const path of placesOf(explicitPath, env)) {
    const bytes = await readOrNull(path, { ...options, isNamed: explicitPath !== undefined });
    if (bytes !== null) return { path, ...await parseConfig(path, bytes), home: homeFolder(env) };
  }
  return null;
}

/**
 * Find the configuration file, which may be unusable.
 *
 * @param explicitPath The value of `--config`, if it is set
 * @returns Its path, or `null` when there is none; the value of `--config` even if there is no such file
 */
export async function findConfigPath(explicitPath: string | undefined, env: Env): Promise<string | null> {
  for (const path of placesOf(explicitPath, env)) if (path === explicitPath || await isThere(path)) return path;
  return null;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    // Anything else, such as a folder without permission, is reported when the file is read.
    return !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory);
  }
}

function placesOf(explicitPath: string | undefined, env: Env): readonly string[] {
  if (explicitPath !== undefined) return [explicitPath];
  const folder = configFolder(env);
  return [CONFIG_NAME, ...folder === undefined ? [] : [join(folder, "civitai-dl", CONFIG_NAME)]];
}

async function readOrNull(
  path: string,
  { isNamed, signal }: ReadConfigFileOptions & { readonly isNamed: boolean },
): Promise<Uint8Array | null> {
  try {
    // A file that was found may come from anybody; dotfile managers put a link there.
    if (!isNamed) assertPlainFile(path, await Deno.stat(path));
    return await Deno.readFile(path, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof KitError) throw error;
    if (!isNamed && (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) return null;
    throw new KitError("usage", `Cannot read configuration "${path}": ${readReason(error)}`, {
      hint: isNamed ? "Check --config" : "Take it away, or name another with --config",
      cause: error,
    });
  }
}

async function parseConfig(
  path: string,
  bytes: Uint8Array,
): Promise<Omit<ConfigFile, "path" | "home">> {
  // Imported on demand: most runs have no file, and the parser takes as long to load as the rest of the frame.
  const [{ decodeConfig, Mistakes, readYaml }, { KNOWN_SETTINGS }] = await Promise.all([
    import("../../../lib/config/mod.ts"),
    import("./known_settings.ts"),
  ]);
  const yaml = readYaml(decodeConfig(bytes, path));
  const mistakes = new Mistakes(yaml);
  const { value } = yaml;
  if (mistakes.isEmpty && (typeof value !== "object" || Array.isArray(value))) {
    mistakes.add([], "the file is no mapping of settings", { hint: "Write each setting as NAME: VALUE" });
  }
  mistakes.throwIfAny(path);
  return {
    yaml,
    values: (value ?? {}) as Record<string, unknown>,
    known: KNOWN_SETTINGS,
    collectMistakes: () => new Mistakes(yaml),
  };
}

/**
 * Select the settings of one command: those of its section, and the keys at the top that its flags share. Any other key
 * at the top is refused, because commands differ in what they mean by it.
 *
 * @param command The command that runs
 * @returns Values by flag name, with their lines
 * @throws {ConfigError} For keys that cannot stand where they do, with line and column of each
 */
export function configFor(file: ConfigFile, command: Command): ConfigValues {
  const { known } = file;
  const { flags = [] } = command;
  const values: Record<string, unknown> = {};
  const lines: Record<string, number> = {};
  const mistakes = file.collectMistakes();
  for (const [key, value] of Object.entries(file.values)) {
    if (isSection(file, key)) {
      if (key !== command.name) continue;
      for (const [name, inner] of Object.entries(value as object)) {
        const place = [key, name];
        const flag = flags.find((candidate) => candidate.name === name);
        if (flag === undefined) addForeignKey(mistakes, place, { file, command });
        else if (!isSetting(flag)) addTypedFlag(mistakes, place);
        values[name] = inner;
        lines[name] = file.yaml.placeOfKey(place).line;
      }
    } else if (known.shared.has(key)) {
      const flag = flags.find((candidate) =>
        candidate.setting === "shared" && (candidate.key ?? candidate.name) === key
      );
      if (flag === undefined) continue;
      values[flag.name] ??= value;
      lines[flag.name] ??= file.yaml.placeOfKey([key]).line;
    } else addStrayKey(mistakes, key, { file, command });
  }
  mistakes.throwIfAny(file.path);
  for (const flag of flags) {
    if (flag.type !== "path" || !Object.hasOwn(values, flag.name)) continue;
    values[flag.name] = expandPaths(file, values[flag.name], `${file.path}:${lines[flag.name]}`);
  }
  return { path: file.path, values, lines };
}

/** Whether the value of a key at the top is the section of a command. */
export function isSection({ known, values }: ConfigFile, key: string): boolean {
  return known.commands.has(key) && isMapping(values[key]);
}

function isMapping(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSetting({ setting }: Flag): boolean {
  return setting !== "none";
}

/** Expand one path or a list of them; any other value is refused when the flag is read. */
function expandPaths({ home }: ConfigFile, value: unknown, place: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => typeof item === "string" ? expandHome(item, { home, place }) : item);
  }
  return typeof value === "string" ? expandHome(value, { home, place }) : value;
}

/** A key at the top that is neither a shared setting nor a section. */
function addStrayKey(
  mistakes: Mistakes,
  key: string,
  { file, command }: { readonly file: ConfigFile; readonly command: Command },
): void {
  const { known, values } = file;
  const shared = known.keyOf(key);
  const owners = known.ownersOf(key);
  if (known.commands.has(key)) {
    mistakes.add([key], `"${key}" is a command, and has no settings here`, {
      hint: "Write its settings below it, indented, each as NAME: VALUE",
      atKey: true,
    });
  } else if (shared !== undefined) {
    mistakes.add([key], `"${key}" is no key here`, { hint: `Write "${shared}" instead`, atKey: true });
  } else if (owners.length > 0) {
    const hint = sectionHint(key, values[key], { owners, command });
    mistakes.add([key], `"${key}" belongs in the section of a command`, { hint, atKey: true });
  } else if (CHECKOUT_TASK_NAMES.includes(key) && isMapping(values[key])) {
    mistakes.add([key], `"${key}" is a task of a checkout, and has no settings`, {
      hint: "Take it out, and write its flags on the command line",
      atKey: true,
    });
  } else if (known.isTyped(key)) addTypedFlag(mistakes, [key]);
  else {
    const names = [...known.shared, ...known.commands, ...known.own];
    const near = closest(key, names);
    const nearOwners = near === undefined || known.shared.has(near) ? [] : known.ownersOf(near);
    if (near === undefined || nearOwners.length === 0) addUnknownKey(mistakes, [key], names);
    else {
      const hint = `Did you mean "${near}"? ${sectionHint(near, values[key], { owners: nearOwners, command })}`;
      mistakes.add([key], `unknown key "${key}"`, { hint, atKey: true });
    }
  }
}

/** Say what to write instead of a key at the top, and which other commands have it. */
function sectionHint(
  key: string,
  value: unknown,
  { owners, command }: { readonly owners: readonly string[]; readonly command: Command },
): string {
  const section = owners.includes(command.name) ? command.name : owners[0]!;
  const others = owners.filter((name) => name !== section);
  const also = others.length === 0 ? "" : `; ${others.join(", ")} ${others.length === 1 ? "has" : "have"} it too`;
  return `Write it in a section, as ${section}: {${key}: ${shownValue(value)}}${also}`;
}

/** A value as it can be written again; text only if it needs no quotes and cannot be an address with a secret. */
function shownValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shownValue).join(", ")}]`;
  return /^[\w.-]{1,30}$/.test(String(value)) ? String(value) : "…";
}

function addTypedFlag(mistakes: Mistakes, path: readonly string[]): void {
  const name = path.at(-1)!;
  mistakes.add(path, `"${name}" is no setting: it counts for the run in which it is typed`, {
    hint: `Take it out, and write --${name} on the command line when you want it`,
    atKey: true,
  });
}

/** A key in the section of a command that has no such setting. */
function addForeignKey(
  mistakes: Mistakes,
  path: readonly string[],
  { file: { known }, command }: { readonly file: ConfigFile; readonly command: Command },
): void {
  const key = path.at(-1)!;
  const { name, flags = [] } = command;
  const list = `civitai-dl ${name} --help --all lists the settings of ${name}`;
  const owners = known.ownersOf(key);
  if (known.shared.has(key)) {
    const hint = `Write it at the top of the file: it counts for ${nameSome(owners)}`;
    mistakes.add(path, `"${key}" is no setting of ${name}`, { hint, atKey: true });
  } else if (owners.length > 0) {
    const hint = `Write it in the section of ${nameSome(owners)}; ${list}`;
    mistakes.add(path, `"${key}" is no setting of ${name}`, { hint, atKey: true });
  } else {
    const near = closest(key, flags.filter(isSetting).map((flag) => flag.name));
    const hint = near === undefined ? list : `Did you mean "${near}"?`;
    mistakes.add(path, `unknown key "${key}"`, { hint, atKey: true });
  }
}

/** Name up to three commands. */
function nameSome(commands: readonly string[]): string {
  if (commands.length > 3) return `${commands.slice(0, 3).join(", ")} and others`;
  return commands.join(" or ");
}

function addUnknownKey(mistakes: Mistakes, path: readonly string[], known: Iterable<string>): void {
  const key = path.at(-1)!;
  const near = closest(key, known);
  mistakes.add(path, `unknown key "${key}"`, {
    hint: near === undefined
      ? "Each flag is a key in the section of its command: civitai-dl download --help --all lists those of download"
      : `Did you mean "${near}"?`,
    atKey: true,
  });
}
