import { nodeModule } from "../_node_module.ts";

/**
 * Find the nearest existing folder: the path itself, or else the closest folder above it. A library that does not exist
 * yet will be on the disk of that folder.
 */
export async function existingFolder(path: string): Promise<string> {
  const { dirname, resolve } = nodeModule("node:path");
  for (let folder = resolve(path);; folder = dirname(folder)) {
    try {
      await Deno.stat(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || folder === dirname(folder)) throw error;
    }
  }
}
