import { resolve } from "node:path";
import { type Env, KitError, parseDayLimits, systemClock } from "../../lib/base/mod.ts";
import { ConfigError } from "../../lib/config/mod.ts";
import { createClient } from "../../lib/civitai/mod.ts";
import { findGoneLibrary, type GoneLibrary, readRuns, stateFolder } from "../../lib/library/mod.ts";
import { openKnownLibraries } from "../_frame/library/library_memory.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { HealthConfigProblem, HealthKey, HealthPlace } from "../../lib/health/mod.ts";
import { findConfigPath, readConfigFile } from "../_frame/settings/config_file.ts";
import { refuseMissingFiles } from "../_frame/settings/missing_files.ts";
import { readMemoryLimit } from "../_alerts/memory_limit.ts";
import { choosePlaceLibrary } from "../_frame/library/choose_library.ts";
import { type Access, openAccess } from "../_frame/session.ts";
import type { PlaceFlags } from "./health_flags.ts";

/** What the checks of this installation need; dispose it to stop the sandbox. */
export interface OpenedHealthPlace extends AsyncDisposable {
  readonly place: Omit<HealthPlace, "api">;
}

/** The earlier tool's file for the key, in the working directory. */
const KEY_FILE = "api_key.md";

/**
 * Describe the installation by flags, environment and configuration. A key that cannot be read is a finding, not an
 * error.
 *
 * @param context Flags, environment, display
 * @returns The place
 * @throws {KitError} `usage` if `--base-url` is no address of an API
 */
export async function openHealthPlace(context: CommandContext<PlaceFlags>): Promise<OpenedHealthPlace> {
  const { flags, env, signal, sourceOf } = context;
  // Only what was typed is refused: with a wrong address elsewhere, the other checks still say something.
  if (sourceOf("base-url") === "flag") createClient({ baseUrl: flags.baseUrl, env });
  const configPath = await findConfigPath(flags.config, env);
  const library = resolve(choosePlaceLibrary(context));
  await using stack = new AsyncDisposableStack();
  let access: Access | null = null;
  let problem: string | null = null;
  try {
    access = stack.use(await openAccess(context, { library }));
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    problem = error.message;
  }
  const owned = stack.move();
  const client = access?.client ?? { baseUrl: flags.baseUrl, env, timeoutMs: flags.timeout };
  return {
    place: {
      library,
      gone: await findGone(library, env),
      logs: resolve(flags.logs),
      key: {
        isPresent: client.token !== undefined,
        origin: access?.client.tokenOrigin ?? null,
        problem,
        files: await keyFiles(context, configPath),
      },
      config: configPath === null ? null : { path: configPath, problem: await findConfigProblem(context) },
      client,
      limits: flags.quota === undefined ? { links: null, bytes: null } : parseDayLimits(flags.quota),
      reserveBytes: sourceOf("reserve") === "default" ? await lastReserve(library) ?? flags.reserve : flags.reserve,
      memoryLimitMebibytes: await readMemoryLimit(signal),
      isSandbox: flags.sandbox,
      isOffline: flags.offline,
      clock: systemClock,
      env,
      signal,
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Find out whether another library was there. */
async function findGone(library: string, env: Env): Promise<GoneLibrary | null> {
  const known = openKnownLibraries(env);
  return known === undefined ? null : await findGoneLibrary(library, known);
}

/** Why the configuration cannot be used: its own mistakes, else the files that it names and that do not exist. */
async function findConfigProblem(
  { flags, env, signal, configError }: CommandContext<PlaceFlags>,
): Promise<HealthConfigProblem | null> {
  if (configError !== null) return describeConfigError(configError);
  try {
    const file = await readConfigFile(flags.config, env, { signal });
    if (file !== null) await refuseMissingFiles(file);
    return null;
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return describeConfigError(error);
  }
}

function describeConfigError(error: Error): HealthConfigProblem {
  const [first] = error instanceof ConfigError ? error.mistakes : [];
  return {
    message: error.message,
    place: first === undefined ? null : { line: first.line, column: first.column },
  };
}

/** List the files that hold a key: the named one, `api_key.md`, and a configuration with a `token`. */
async function keyFiles(
  { flags, sourceOf }: CommandContext<PlaceFlags>,
  configPath: string | null,
): Promise<HealthKey["files"]> {
  const config = sourceOf("token") === "config" ? configPath : null;
  const files = [flags.tokenFile, KEY_FILE, config].filter((path) => path !== undefined && path !== null);
  const found: string[] = [];
  for (const path of files) if (await isFile(path)) found.push(resolve(path));
  return [...new Set(found)];
}

/** Whether there is such a file. Why it cannot be examined is said when it is read. */
async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}

/** The `--reserve` of the last download, which the next one is likely to have too; `null` before the first. */
async function lastReserve(library: string): Promise<number | null> {
  const runs = await readRuns(stateFolder(library)).catch(() => []);
  return runs.find(({ reserveBytes }) => reserveBytes !== null)?.reserveBytes ?? null;
}
