import { closest, type Env, formatDuration, formatSize, KitError } from "../lib/base/mod.ts";
import {
  type Command,
  defineCommand,
  type Flag,
  type FlagType,
  loadCommand,
  type LoadedProgram,
  loadProgram,
  mergeFlags,
  parseCommand,
  type ParsedCommand,
  type Program,
} from "../lib/cli/mod.ts";
import { PROGRAM_NAMES } from "./_frame/command_index.ts";
import { readDefaultLibrary, SANDBOX_LIBRARY } from "./_frame/library/output_file.ts";
import { configFor, readConfigFile } from "./_frame/settings/config_file.ts";
import { refuseMissingFiles } from "./_frame/settings/missing_files.ts";
import { findToken } from "./_frame/settings/secrets.ts";

interface SettledValue {
  readonly value: unknown;
  /** `flag`, `env`, `config` or `default`; else the file, the variable or the switch that decides. */
  readonly source: string;
}

interface ShownSettings {
  readonly path: string | null;
  readonly command: string;
  readonly settings: readonly Setting[];
}

interface Setting {
  readonly name: string;
  readonly type: FlagType;
  /** The parsed value: durations in milliseconds, sizes in bytes. */
  readonly value: unknown;
  readonly unit: string | null;
  readonly source: string;
}

/** The `config` command: shows or checks the configuration of its program. */
export const command = defineCommand({
  name: "config",
  group: "Program",
  permissions: "look",
  needsProgram: true,
  summary: "Show the settings in force, or check the configuration file",
  description:
    "show COMMAND prints each setting of a command (download by default) and where it comes from; without an action, config does the same. check reads the whole file, and ends with 2 and line and column if something is wrong.",
  args: [
    { name: "ACTION", summary: "What to do; show is the default", choices: ["show", "check"] },
    {
      name: "COMMAND",
      summary: "With show: the command whose settings are shown; download by default",
      suggestions: PROGRAM_NAMES,
    },
  ],
  examples: [
    { command: "civitai-dl config", summary: "Each setting of download and where it comes from" },
    { command: "civitai-dl config show search", summary: "Those of another command" },
    {
      command: "civitai-dl config check --config my.yml",
      summary: "Exit 2 with line and column if something is wrong",
    },
  ],
  async run({ args: [action = "show", name = "download"], env, flags, program, signal }) {
    refuseUnknown(program, { action, name });
    if (flags.config !== undefined) await refusePipe(flags.config);
    const file = await readConfigFile(flags.config, env, { signal });
    const path = file?.path ?? null;
    // Each command may have a section in the file, so all commands are needed to find errors.
    const { commands } = file === null && action === "show" ? await loadOne(program, name) : await loadProgram(program);
    let settings: readonly Setting[] = [];
    for (const candidate of commands) {
      const config = file === null ? undefined : configFor(file, candidate);
      const parsed = parseCommand(withoutDemands(candidate), [], { env, config, shared: program.flags });
      if (action === "show" && candidate.name === name) settings = settingsOf(parsed, candidate, { program, env });
    }
    if (file !== null && action === "check") await refuseMissingFiles(file);
    return action === "check" ? { path, sound: true } : { path, command: name, settings };
  },
  render(result: ShownSettings | { readonly path: string | null; readonly sound: true }) {
    const head = result.path === null ? "No configuration file" : `Configuration: ${result.path}`;
    if ("sound" in result) return `${head}${result.path === null ? "" : ": no mistake found"}\n`;
    const lines = result.settings.map((setting) => `  ${setting.name}: ${humanValue(setting)} (${setting.source})\n`);
    return `${head}\nSettings of ${result.command}:${lines.length === 0 ? " none" : ""}\n${lines.join("")}`;
  },
});

function refuseUnknown({ commands }: Program, { action, name }: { readonly action: string; readonly name: string }) {
  const names = commands.map((command) => command.name);
  if (names.includes(name) && (action === "show" || name === "download")) return;
  const near = closest(name, names);
  throw new KitError(
    "usage",
    action === "show" ? `Cannot show settings of "${name}": there is no such command` : `Cannot understand "${name}"`,
    near === undefined || action !== "show" ? {} : { hint: `Did you mean "${near}"?` },
  );
}

interface SettingsPlace {
  readonly program: Program;
  readonly env: Env;
}

function settingsOf(parsed: ParsedCommand, command: Command, { program, env }: SettingsPlace): readonly Setting[] {
  const declared = mergeFlags(command.flags ?? [], program.flags);
  return [...settleValues(parsed, declared, env)].map(([name, { value, source }]) => {
    const { type = "string", unit = null } = declared.find((flag) => flag.name === name) ?? {};
    return { name, type, unit, value, source };
  });
}

/** Flags whose values are secrets. */
const SECRETS: readonly string[] = ["token", "heartbeat", "ping-url"];

/**
 * Find what a command works with: the values of its flags, and what switches, the earlier tool's files and the
 * environment decide beside them. Secrets are left out.
 */
function settleValues(
  { values, flags, sourceOf }: ParsedCommand,
  declared: readonly Flag[],
  env: Env,
): ReadonlyMap<string, SettledValue> {
  const settled = new Map<string, SettledValue>(values);
  const has = (name: string): boolean => declared.some((flag) => flag.name === name);
  for (const name of SECRETS) {
    if (settled.has(name)) settled.set(name, { value: "[redacted]", source: sourceOf(name)! });
  }
  if (has("token-file")) {
    const [token, file] = [flags.token, flags.tokenFile].map((text) => typeof text === "string" ? text : undefined);
    const found = findToken({ flag: token, source: sourceOf("token"), file, env });
    if (found !== null) {
      const source = found.token === token?.trim() ? sourceOf("token")! : found.origin.replaceAll('"', "");
      settled.set("token", { value: "[redacted]", source });
    }
  }
  const library = declared.find(({ key }) => key === "output")?.name;
  if (library !== undefined) {
    if (flags.sandbox === true) settled.set(library, { value: SANDBOX_LIBRARY, source: "sandbox" });
    if (!settled.has(library)) {
      const { path, source } = readDefaultLibrary();
      settled.set(library, { value: path, source });
    }
  }
  const switches: readonly (readonly [isOn: boolean, name: string])[] = [
    [flags.forceSyncMode === true, "force-sync-mode"],
    [env("CIVITAI_DL_DISABLE_EXPERIMENTAL") === "1", "CIVITAI_DL_DISABLE_EXPERIMENTAL"],
  ];
  for (const [isOn, source] of has("force-sync-mode") ? switches : []) {
    if (isOn) settled.set("engine", { value: "stable", source });
  }
  return settled;
}

/** The frame has read the file before: a pipe would be empty now, and without a mistake. */
async function refusePipe(path: string): Promise<void> {
  const { isFile, isDirectory } = await Deno.stat(path);
  if (isFile || isDirectory) return;
  throw new KitError("usage", `Cannot check "${path}": it is a device or a pipe, and the file is read more than once`, {
    hint: "Save it as a file, and name that with --config",
  });
}

/** Load one command of the program; the modules of the others are not imported. */
async function loadOne(program: Program, name: string): Promise<LoadedProgram> {
  const command = program.commands.find((candidate) => candidate.name === name)!;
  return { ...program, commands: [await loadCommand(command)] };
}

/** Drop `required` from arguments and flags: settings are checked without a command line. */
function withoutDemands(command: Command): Command {
  const relax = <T extends object>(parts: readonly T[] = []) => parts.map((part) => ({ ...part, required: false }));
  return { ...command, args: relax(command.args), flags: relax(command.flags) };
}

/** Format a value as a user would write it, with its unit. */
function humanValue({ type, value, unit }: Setting): string {
  const text = typeof value === "number" ? humanNumber(type, value) : JSON.stringify(value);
  return unit === null ? text : `${text} ${unit}`;
}

function humanNumber(type: FlagType, value: number): string {
  if (type === "size") return formatSize(value);
  if (type !== "duration") return String(value);
  return value === 0 ? "0s" : formatDuration(value);
}
