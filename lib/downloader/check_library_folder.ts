import { join, resolve } from "node:path";
import { KitError, shell } from "../base/mod.ts";
import { findOuterLibrary, findRepeatedFolder } from "./_find_repeated_folder.ts";
import { type LayoutChoice, layoutFlag } from "./settle_layout.ts";

/**
 * Refuse a folder for a library that is in another library, or in which a program keeps its models although the layout
 * adds this folder itself.
 *
 * @param path Folder of the library, which need not exist
 * @param chosen Layout and template
 * @returns What a person should know of a folder that may be used; `null` if nothing
 * @throws {KitError} `usage` for another folder than the one that was probably meant
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { checkLibraryFolder } from "@civitai-dl/civitai-dl/downloader";
 *
 * const chosen = { layout: "comfyui", template: null } as const;
 * await assertRejects(() => checkLibraryFolder("ComfyUI/models/loras", chosen), Error, 'it adds "models/loras" itself');
 * ```
 */
export async function checkLibraryFolder(path: string, chosen: LayoutChoice): Promise<string | null> {
  const outer = await findOuterLibrary(path);
  if (outer !== null) {
    throw new KitError("usage", `Cannot use "${path}": it is a folder of the library "${outer}"`, {
      hint: shell`Use -o ${outer}, or a folder outside of it`,
    });
  }
  const found = await findRepeatedFolder(path, chosen);
  if (found === null) return null;
  const { name, above, example, isOfProgram } = found;
  const files = chosen.template === null ? "LORA files" : "files";
  const repeated = `${files} ${isOfProgram ? "would go" : "go"} to ${resolve(path, example)}`;
  const again = shell`-o ${above}`;
  if (isOfProgram) {
    const state = `it adds "${name}" itself, so ${repeated}`;
    throw new KitError("usage", `Cannot use "${path}" with ${layoutFlag(chosen)}: ${state}`, { hint: `Use ${again}` });
  }
  return `The layout adds the folder "${name}" itself: ${repeated}. For ${join(above, example)}, use ${again}`;
}
