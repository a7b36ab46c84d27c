import { dirname, resolve } from "node:path";

/** A library that is not there yet will be on the disk of the folder above it. */
export async function existingFolder(path: string): Promise<string> {
  for (let folder = resolve(path);; folder = dirname(folder)) {
    try {
      await Deno.stat(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || folder === dirname(folder)) throw error;
    }
  }
}
