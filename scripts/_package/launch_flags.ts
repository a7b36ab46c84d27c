import { permissionsOf, PROGRAM_NAMES } from "../_docs/tasks.ts";
import type { PermissionSet } from "../_docs/permission_sets.ts";

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
export function launchFlags(): LaunchFlags {
  const commands = PROGRAM_NAMES.map((name) => [name, flagsOf(permissionsOf(name))] as const);
  return { commands: Object.fromEntries(commands), otherwise: flagsOf(permissionsOf("download")) };
}

function flagsOf(permissions: PermissionSet): readonly string[] {
  const allowed = Object.entries(permissions).map(([name, what]) =>
    what === true ? `--allow-${name}` : `--allow-${name}=${what.join(",")}`
  );
  return [V8_FLAGS, ...allowed];
}
