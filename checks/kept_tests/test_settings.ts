import { matchesGlob } from "node:path";
import { readTextIfExists } from "../../lib/base/mod.ts";

/** The file whose settings decide which tests run. */
export const SETTINGS_FILE = "deno.json";

/** The settings of `deno.json` that decide which tests run, and by which rules. */
export interface TestSettings {
  /** Those of `deno test`. */
  readonly test?: {
    readonly include?: readonly string[];
    readonly exclude?: readonly string[];
    readonly permissions?: unknown;
  };
  readonly exclude?: readonly string[];
  readonly workspace?: unknown;
  /** The whole file, if it is no plain JSON: nothing of it is understood. */
  readonly text?: string;
}

/**
 * Read the settings of a project.
 *
 * @param path Path of its `deno.json`; without the file, there are no settings
 */
export async function readTestSettings(path: string): Promise<TestSettings> {
  return parseTestSettings(await readTextIfExists(path));
}

/**
 * Parse the settings of a project.
 *
 * @param text The text of `deno.json`; `null` if there is none
 */
export function parseTestSettings(text: string | null): TestSettings {
  try {
    const { test, exclude, workspace } = JSON.parse(text ?? "{}");
    return { test, exclude, workspace };
  } catch (error) {
    if (error instanceof SyntaxError) return { text: text! };
    throw error;
  }
}

/**
 * Check whether the settings keep `deno test` from a file that it would run otherwise.
 *
 * @param file Path of the file, relative to the project
 * @param settings The settings of the project
 * @returns Whether `include` does not name it, or `exclude` does
 */
export function isLeftOut(file: string, { test, exclude = [] }: TestSettings): boolean {
  const isIncluded = test?.include?.some((pattern) => covers(pattern, file)) ?? true;
  if (!isIncluded) return true;
  // A pattern with "!" takes back what an earlier one says.
  return [...exclude, ...test?.exclude ?? []].reduce(
    (isOut, pattern) =>
      pattern.startsWith("!") ? isOut && !covers(pattern.slice(1), file) : isOut || covers(pattern, file),
    false,
  );
}

/** Whether a pattern matches a path or one of its folders. */
function covers(pattern: string, file: string): boolean {
  const plain = pattern.replace(/^\.\//, "").replace(/\/$/, "");
  const parts = file.split("/");
  return plain === "." || parts.some((_, index) => matchesGlob(parts.slice(0, index + 1).join("/"), plain));
}
