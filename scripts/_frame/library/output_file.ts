import { assertPlainFile, KitError, readReason, systemEnv } from "../../../lib/base/mod.ts";
import { expandHome } from "../expand_home.ts";
import { homeFolder } from "../settings/user_folders.ts";

/** Name of the earlier tool's file that contains the path of the library, in the working directory. */
export const OUTPUT_FILE = "default_output_dir.txt";

/**
 * Folder of the sandbox's library. The sandbox's models use the ids of real models, so they must not be stored in a
 * real library.
 */
export const SANDBOX_LIBRARY = "sandbox_downloads";

/** The library of a command line without `--output`. */
export interface DefaultLibrary {
  readonly path: string;
  /** {@linkcode OUTPUT_FILE}, or `default`. */
  readonly source: string;
}

/**
 * Find the library's folder if neither flag, environment nor configuration names one: in {@linkcode OUTPUT_FILE} of the
 * working folder, else `downloads`.
 *
 * @throws {KitError} `usage` if the file cannot be read or used, `unsafe` if a pipe or a device is in its place
 */
export function readDefaultLibrary(): DefaultLibrary {
  try {
    assertPlainFile(OUTPUT_FILE, Deno.statSync(OUTPUT_FILE));
    const path = parseOutputFile(Deno.readTextFileSync(OUTPUT_FILE), homeFolder(systemEnv));
    if (path !== null) return { path, source: OUTPUT_FILE };
  } catch (error) {
    if (error instanceof KitError || error instanceof Deno.errors.NotCapable) throw error;
    if (!(error instanceof Deno.errors.NotFound)) {
      throw new KitError("usage", `Cannot read "${OUTPUT_FILE}": ${readReason(error)}`, {
        hint: "Fix it, or name the folder with --output",
        cause: error,
      });
    }
  }
  return { path: "downloads", source: "default" };
}

/**
 * Read the folder from `default_output_dir.txt`: the first line that is neither blank nor a comment.
 *
 * @param home The home folder, for `~`
 * @returns The folder without quotes; `null` if the file contains none
 * @throws {KitError} `usage` if the file is not UTF-8 text, or it has a `~` and the home folder is unknown
 */
export function parseOutputFile(text: string, home: string | undefined): string | null {
  if (/[\0\uFFFD]/.test(text)) {
    throw new KitError("usage", `Cannot read "${OUTPUT_FILE}": it is not UTF-8 text`, {
      hint: "Save it as UTF-8, or name the folder by --output",
    });
  }
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n?|\n/).map((line) => line.trim());
  const line = lines.find((candidate) => candidate !== "" && !candidate.startsWith("#"));
  if (line === undefined) return null;
  const [, quote, quoted] = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(line) ?? [];
  const path = quote === undefined ? line : quoted!;
  return path === "" ? null : expandHome(path, { home, place: OUTPUT_FILE });
}
