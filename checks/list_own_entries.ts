import { askGit } from "./ask_git.ts";

/**
 * List the files and folders at the top of the project that git knows. Others that lie in the checkout, such as a
 * library that was downloaded there, are not the project's: nothing may judge or rewrite them.
 *
 * @returns Names, sorted; empty if there is no git, which means everything
 */
export async function listOwnEntries(signal: AbortSignal): Promise<readonly string[]> {
  const paths = (await askGit(["ls-files", "-z"], signal) ?? "").split("\0").filter((path) => path !== "");
  return [...new Set(paths.map((path) => path.split("/")[0]!))].toSorted();
}
