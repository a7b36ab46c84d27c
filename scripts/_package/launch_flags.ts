import type { LoadedProgram, Permissions } from "../../lib/cli/mod.ts";
import { permissionsOf } from "../_docs/tasks.ts";

/** Flags of `deno run` with which a launcher starts the program. */
export interface LaunchFlags {
  /** The flags of each command. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  /** The flags of a command line that names none: a download, or help. */
  readonly otherwise: readonly string[];
}

/** V8 collects garbage sooner with them, and a long run stays below 160 MB. */
const V8_FLAGS = "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=20";

/** List the flags for launchers: for every command the permissions of its task, so that both have the same. */
export function launchFlags({ commands, defaultCommand }: LoadedProgram): LaunchFlags {
  const flags = Object.fromEntries(commands.map((command) => [command.name, flagsOf(permissionsOf(command))]));
  return { commands: flags, otherwise: flags[defaultCommand!]! };
}

function flagsOf(permissions: Permissions): readonly string[] {
  const allowed = Object.entries(permissions).map(([name, what]) =>
    what === true ? `--allow-${name}` : `--allow-${name}=${what.join(",")}`
  );
  return [V8_FLAGS, ...allowed];
}
