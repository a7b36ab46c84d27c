import { dirname } from "node:path";
import { KitError, openNoFollow, temporaryPathOf } from "../../../lib/base/mod.ts";

/**
 * Create the folders of reports and check that the reports can be written, before hours are spent on measuring.
 *
 * @param paths The files that will be written
 * @throws {KitError} `usage` if one of them cannot be written; if one is a folder, nothing is created
 */
export async function prepareOutputs(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const isFolder = await Deno.stat(path).then((stat) => stat.isDirectory, () => false);
    if (isFolder) throw refusal(path, "it is a folder");
  }
  for (const path of paths) {
    await Deno.mkdir(dirname(path), { recursive: true }).catch((error) =>
      refuse(path, "its folder cannot be made", error)
    );
    await probe(path).catch((error) => refuse(path, error.message, error));
  }
}

/** Create and remove the temporary file of a report; an existing report remains unchanged. */
async function probe(path: string): Promise<void> {
  (await openNoFollow(temporaryPathOf(path), { write: true, create: true })).close();
  await Deno.remove(temporaryPathOf(path));
}

function refuse(path: string, reason: string, error: unknown): never {
  // Errors about a symbolic link in the path and about a missing permission have their own hints.
  const isExplained = error instanceof KitError || error instanceof Deno.errors.NotCapable;
  if (!(error instanceof Error) || isExplained) throw error;
  throw refusal(path, reason, error);
}

function refusal(path: string, reason: string, cause?: Error): KitError {
  const hint = "Name a file in a folder that can be made and written";
  return new KitError("usage", `Cannot write "${path}": ${reason}`, { hint, cause });
}
