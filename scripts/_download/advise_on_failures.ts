import { shell } from "../../lib/base/mod.ts";
import { failureHints } from "../../lib/downloader/mod.ts";

/**
 * List what the user can do about the failures of a run, and the command that explains the first of them.
 *
 * @returns Lines; none if there is nothing to do
 */
export function adviseOnFailures(run: Parameters<typeof failureHints>[0]): readonly string[] {
  const hints = failureHints(run);
  const [first] = hints;
  if (first === undefined) return [];
  return [...hints.map(({ text }) => text), shell`hint: What it means: civitai-dl doctor ${first.failure}`];
}
