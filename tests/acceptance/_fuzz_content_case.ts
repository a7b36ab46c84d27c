import { join } from "node:path";
import { seededRandom } from "../../lib/base/mod.ts";
import { runBodyCase } from "./_fuzz_bodies.ts";
import { runFileCase } from "./_fuzz_files.ts";

/** The kind of the cases that are API responses; the others are named after their formats. */
export const BODY = "body";

/**
 * Create the folders that cases write to: `library` for responses, and one folder per format. Nothing else may appear.
 */
export function caseFolder(root: string, kind: string): string {
  return kind === BODY ? join(root, "library") : join(root, "files", kind);
}

/**
 * Run one case, made only from its kind and seed.
 *
 * @returns What went wrong; `null` if nothing did
 */
export async function runCase(kind: string, seed: number, root: string): Promise<string | null> {
  const random = seededRandom(seed);
  try {
    if (kind === BODY) await runBodyCase(random, caseFolder(root, kind));
    else await runFileCase(kind, random, caseFolder(root, kind));
    return null;
  } catch (error) {
    return error instanceof Error
      ? (error.stack ?? error.message).split("\n").slice(0, 4).join(" | ").slice(0, 600)
      : String(error);
  }
}
