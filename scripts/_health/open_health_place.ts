import { resolve } from "node:path";
import { KitError, parseDayLimits, quoteWord, systemClock } from "../../lib/base/mod.ts";
import { parseBaseUrl } from "../../lib/civitai/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { HealthKey, HealthPlace } from "../../lib/health/mod.ts";
import { findConfigPath } from "../_frame/settings/config_file.ts";
import { type Access, choosePlaceLibrary, openAccess } from "../_frame/session.ts";
import type { PlaceFlags } from "./health_flags.ts";

/** What the checks of this installation need; dispose it to stop the sandbox. */
export interface OpenedHealthPlace extends AsyncDisposable {
  readonly place: Omit<HealthPlace, "api">;
}

/** The earlier tool's file for the key, in the working directory. */
const KEY_FILE = "api_key.md";

/**
 * Describe the installation by flags, environment and configuration. A key that cannot be read, or a mistake in the
 * configuration, is a finding, not an error.
 *
 * @param context Flags, environment, display
 * @returns The place
 * @throws {KitError} `usage` if the given address of the API is not one
 */
export async function openHealthPlace(context: CommandContext<PlaceFlags>): Promise<OpenedHealthPlace> {
  const { flags, env, signal, sourceOf, configError } = context;
  if (sourceOf("base-url") !== "config") parseBaseUrl(flags.baseUrl, "base URL");
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
      libraryWord: library === resolve("downloads") ? "" : quoteWord(library),
      apiWords: apiWords(context),
      logsWord: sourceOf("logs") === "flag" ? quoteWord(resolve(flags.logs)) : "",
      logs: resolve(flags.logs),
      key: { isPresent: client.token !== undefined, problem, files: await keyFiles(context, configPath) },
      config: configPath === null ? null : { path: configPath, problem: configError?.message ?? null },
      client,
      limits: flags.quota === undefined ? { links: null, bytes: null } : parseDayLimits(flags.quota),
      reserveBytes: flags.reserve,
      isSandbox: flags.sandbox,
      isOffline: flags.offline,
      clock: systemClock,
      env,
      signal,
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Repeat the flags that were typed and reach another API; what environment and configuration set applies anyway. */
function apiWords({ flags, sourceOf }: CommandContext<PlaceFlags>): string {
  if (flags.sandbox) return "--sandbox";
  return sourceOf("base-url") === "flag" ? `--base-url ${quoteWord(flags.baseUrl)}` : "";
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
