import { resolve } from "node:path";
import { expandHome } from "../expand_home.ts";
import { type ConfigFile, isSection } from "./config_file.ts";

/** Settings that name files to read, each a path or a list of them. */
const INPUTS: ReadonlySet<string> = new Set(["users", "models", "whitelist", "token-file"]);

/**
 * Refuse a configuration that names files which do not exist, in any section. A command that reads one would end with
 * the same mistake, but perhaps in the first night.
 *
 * @throws {ConfigError} For missing files, with line and column of each
 */
export async function refuseMissingFiles(file: ConfigFile): Promise<void> {
  const mistakes = file.collectMistakes();
  for (const [place, value] of settingsOf(file)) {
    if (!INPUTS.has(place.at(-1)!) && place.join(" ") !== "download from") continue;
    const paths = Array.isArray(value) ? value : [value];
    for (const [index, path] of paths.entries()) {
      // "-" is standard input. A number is a setting of another meaning.
      if (typeof path !== "string" || path === "-") continue;
      const full = resolve(expandHome(path, { home: file.home, place: file.path }));
      if (!await isMissing(full)) continue;
      mistakes.add(Array.isArray(value) ? [...place, index] : place, `there is no file "${full}"`, {
        hint: "Write it, or correct the path",
      });
    }
  }
  mistakes.throwIfAny(file.path);
}

type Setting = readonly [place: readonly string[], value: unknown];

/** Settings for all commands, and those in sections of single ones. */
function settingsOf(file: ConfigFile): readonly Setting[] {
  return Object.entries(file.values).flatMap(([key, value]): readonly Setting[] => {
    if (!isSection(file, key)) return [[[key], value]];
    return Object.entries(value as object).map(([name, inner]) => [[key, name], inner]);
  });
}

/** Why a file that is there cannot be read is said by the command that reads it. */
async function isMissing(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
  }
}
