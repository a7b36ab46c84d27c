import { compareText } from "../../lib/base/mod.ts";
import type { Command } from "../../lib/cli/mod.ts";

/** The commands of all scripts. */
export interface ListedCommands {
  /** Those that are installed, in the order of help. */
  readonly program: readonly Command[];
  /** Those that need a checkout. */
  readonly checkout: readonly Command[];
}

/** The groups of the program, in the order of help. */
const PROGRAM_GROUPS: readonly string[] = ["Library", "Program", "Operation"];
/** The group of the commands that need a checkout. */
export const CHECKOUT_GROUP = "Maintenance";

/** The commands that a newcomer needs stand first in their group; all others follow by name. */
const FIRST: readonly string[] = ["download", "update", "list", "verify", "status", "doctor"];

/**
 * Import all scripts of a folder, and list their commands. A script whose command has no group is a task of the
 * repository, not a command.
 *
 * @param folder The folder of the scripts, as a URL that ends with a slash
 * @throws {TypeError} If the file of a command has another name than the command, or its group does not exist
 */
export async function listCommands(folder: URL): Promise<ListedCommands> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  const scripts = names.filter((name) => name.endsWith(".ts") && !name.startsWith("_"));
  const found = await Promise.all(scripts.map((name) => importCommand(new URL(name, folder), name)));
  const commands = found.filter((command) => command !== null);
  const ofGroup = (group: string) => commands.filter((command) => command.group === group).toSorted(compareCommands);
  return { program: PROGRAM_GROUPS.flatMap(ofGroup), checkout: ofGroup(CHECKOUT_GROUP) };
}

async function importCommand(url: URL, file: string): Promise<Command | null> {
  const { command } = await import(url.href) as { readonly command?: Command };
  if (command?.group === undefined) return null;
  if (scriptOf(command) !== file) {
    throw new TypeError(`Cannot register "${command.name}" of scripts/${file}: its file must be ${scriptOf(command)}`);
  }
  const groups = [...PROGRAM_GROUPS, CHECKOUT_GROUP];
  if (!groups.includes(command.group)) {
    throw new TypeError(
      `Cannot register "${command.name}": its group is "${command.group}", not one of ${groups.join(", ")}`,
    );
  }
  return command;
}

/** The file of a command, in scripts/. */
export function scriptOf({ name }: Pick<Command, "name">): string {
  return `${name.replaceAll("-", "_")}.ts`;
}

function compareCommands(one: Command, other: Command): number {
  return rankOf(one) - rankOf(other) || compareText(one.name, other.name);
}

function rankOf({ name }: Command): number {
  const at = FIRST.indexOf(name);
  return at < 0 ? FIRST.length : at;
}
