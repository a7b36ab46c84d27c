import { join, resolve } from "node:path";
import { type Env, shell, systemClock } from "../../../lib/base/mod.ts";
import type { Command, CommandContext } from "../../../lib/cli/mod.ts";
import { findGoneLibrary, goneError, KnownLibraries, readIdentity } from "../../../lib/library/mod.ts";
import { IN_LIBRARY } from "../command_index.ts";
import { readDefaultLibrary } from "./output_file.ts";
import { userStateFolder } from "../settings/user_folders.ts";
import { assertFolder, assertLibrary } from "./find_library.ts";

/** Commands that write nothing to a library and are needed when it is gone. */
const WORK_WITHOUT: ReadonlySet<string> = new Set(["debug-info", "doctor", "health-check", "status"]);

/** Commands that would call it healthy that nothing is there. */
const LOOKING: ReadonlySet<string> = new Set(["alerts", "check-alerts", "collect-metrics", "status"]);

/** Commands that are also asked about a machine before its first download, or when the first one cannot begin. */
const EXAMINING: ReadonlySet<string> = new Set(["debug-info", "doctor", "health-check"]);

/**
 * Open what the user's state folder remembers about libraries.
 *
 * @returns The memory; `undefined` if the environment names no folder for it
 */
export function openKnownLibraries(env: Env): KnownLibraries | undefined {
  const folder = userStateFolder(env);
  if (folder === undefined) return undefined;
  const temporary = ["/tmp", "/var/tmp", env("TMPDIR"), env("TEMP")].filter((path) => path !== undefined);
  return new KnownLibraries(join(folder, "civitai-dl", "libraries"), { temporary });
}

/**
 * Refuse a command whose library was at its place and is not: its disk may not be mounted, and what the command would
 * write there would fill another one. With `--forget-library`, what was there is forgotten instead.
 *
 * @param command The command that is about to run
 * @throws {KitError} `unsafe` if the library is gone; `usage` if none was ever at a place that was typed and the command
 * only looks
 */
export async function requireLibrary(command: Command, context: CommandContext): Promise<void> {
  const { flags, env, sourceOf, commandLine } = context;
  const name = IN_LIBRARY[command.name];
  if (name === undefined) return;
  const isNamed = sourceOf(name) === "flag";
  // The sandbox's own library comes and goes.
  if (flags.sandbox === true && !isNamed) return;
  const chosen = flags[name];
  const root = resolve(typeof chosen === "string" ? chosen : readDefaultLibrary().path);
  const known = openKnownLibraries(env);
  if (flags.forgetLibrary === true) await known?.forget(root);
  const gone = known === undefined ? null : await findGoneLibrary(root, known);
  // Whoever asks for a catalog of files that have lost theirs means the files that are there.
  const isRebuilt = flags.rebuild === true && gone?.hasFiles === true;
  if (gone !== null && !isRebuilt && !WORK_WITHOUT.has(command.name)) {
    const forget = command.flags?.some(({ name }) => name === "forget-library")
      ? `${commandLine} --forget-library`
      : shell`civitai-dl download --output ${root} --forget-library`;
    throw goneError(gone, { forget });
  }
  if (gone !== null) return;
  if (LOOKING.has(command.name) && isNamed) await assertLibrary(root);
  if (EXAMINING.has(command.name) && isNamed) await assertFolder(root);
  await rememberLibrary(root, env);
}

/**
 * Remember which library is at a path, so that a later command notices when it is gone.
 *
 * @param root The library's folder, absolute
 * @param env The environment, which names the folder of the memory
 */
export async function rememberLibrary(root: string, env: Env): Promise<void> {
  const known = openKnownLibraries(env);
  const identity = known === undefined ? null : await readIdentity(root).catch(ignoreUnreadable);
  if (identity !== null) await known!.remember(root, identity.id, { now: systemClock.now() });
}

/** Why a file cannot be read is said by the command that needs it. */
function ignoreUnreadable(error: unknown): null {
  if (error instanceof Error) return null;
  throw error;
}
