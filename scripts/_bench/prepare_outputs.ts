import { dirname } from "node:path";
import { KitError, temporaryPathOf } from "../../lib/base/mod.ts";

/**
 * Make the folders of reports and see that they can be written, before an hour of measuring is lost for one.
 *
 * @param paths The files that will be written
 * @throws {KitError} `usage` if one of them cannot be
 */
export async function prepareOutputs(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      if (await isFolder(path)) throw new Error("it is a folder");
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeFile(temporaryPathOf(path), new Uint8Array());
      await Deno.remove(temporaryPathOf(path));
    } catch (error) {
      // What the program itself may not do is told with the flag that allows it.
      if (!(error instanceof Error) || error instanceof Deno.errors.NotCapable) throw error;
      throw new KitError("usage", `Cannot write "${path}": ${error.message}`, {
        hint: "Name a file in a folder that can be made and written",
        cause: error,
      });
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then((stat) => stat.isDirectory, () => false);
}
