import { KitError } from "../lib/base/mod.ts";
import { runGit } from "../lib/git/mod.ts";

/**
 * Ask git something about the working folder.
 *
 * @param args The question
 * @param signal Stops it
 * @returns Standard output; `null` if git says no, or is not there
 */
export async function askGit(args: readonly string[], signal: AbortSignal): Promise<string | null> {
  try {
    const { code, stdout } = await runGit(args, { cwd: Deno.cwd(), signal });
    return code === 0 ? stdout : null;
  } catch (error) {
    if (error instanceof KitError && error.code === "inconclusive") return null;
    throw error;
  }
}
