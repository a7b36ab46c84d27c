import { KitError } from "../lib/base/mod.ts";
import { runGit } from "../lib/git/mod.ts";

/**
 * Run git in the working directory.
 *
 * @param args Arguments of git
 * @param signal Signal that stops git
 * @returns Standard output; `null` if git fails or is not installed
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
