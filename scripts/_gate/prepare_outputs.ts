import { dirname, extname } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { GATE_ENDINGS } from "./gate_sheet.ts";

/**
 * See to it that reports can be written, before hours are spent on what they hold: their folders are made.
 *
 * @param paths The files
 * @throws {KitError} `usage` if an ending is no form, a path is a folder, or its folder cannot be made
 */
export async function prepareOutputs(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (!Object.hasOwn(GATE_ENDINGS, extname(path))) {
      throw new KitError(
        "usage",
        `Cannot write "${path}": its ending is none of ${Object.keys(GATE_ENDINGS).join(", ")}`,
      );
    }
    const isFolder = await Deno.stat(path).then((stat) => stat.isDirectory, () => false);
    if (isFolder) throw new KitError("usage", `Cannot write "${path}": it is a folder`);
  }
  for (const path of paths) {
    await Deno.mkdir(dirname(path), { recursive: true }).catch((cause) => {
      throw new KitError("usage", `Cannot write "${path}": its folder cannot be made`, { cause });
    });
  }
}
