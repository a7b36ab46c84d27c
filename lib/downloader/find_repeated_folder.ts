import { exists } from "@std/fs";
import { join, resolve } from "node:path";
import { LAYOUTS, parseTemplate } from "../library/mod.ts";
import type { LayoutChoice } from "./settle_layout.ts";
import { STATE_FOLDER } from "./state_folder.ts";

/** A folder that both the path of a library and its layout contain. */
export interface RepeatedFolder {
  /** What is repeated, such as `models`. */
  readonly name: string;
  /** The folder above it, which was probably meant as the library; absolute. */
  readonly above: string;
  /** A folder of the layout with it, such as `models/loras`. */
  readonly example: string;
  /** Whether the library is in the folder of a program, which would not look into the repeated folder. */
  readonly isOfProgram: boolean;
}

/**
 * Find out whether a new library would repeat a folder of its layout: programs keep models in `ComfyUI/models/loras`,
 * and the layout has `models/loras`, so that the library `ComfyUI/models` would get `ComfyUI/models/models/loras`.
 *
 * @param path Folder of the library, which need not exist
 * @param chosen Layout and template
 * @returns The repeated folder; `null` if there is none, or if the library exists already
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findRepeatedFolder } from "@civitai-dl/civitai-dl/downloader";
 *
 * const found = await findRepeatedFolder("ComfyUI/models/loras", { layout: "comfyui", template: null });
 * assertEquals([found?.name, found?.isOfProgram], ["models/loras", true]);
 * ```
 */
export async function findRepeatedFolder(path: string, chosen: LayoutChoice): Promise<RepeatedFolder | null> {
  const root = resolve(path);
  const names = root.split(/[/\\]/);
  const folders = layoutFolders(chosen);
  const found = folders.map((folder) => ({ folder, repeated: countRepeated(names, folder) }))
    .toSorted((a, b) => b.repeated - a.repeated)[0];
  if (found === undefined || found.repeated === 0 || await exists(join(root, STATE_FOLDER, "catalog.db"))) return null;
  const { folder, repeated } = found;
  const name = folder.slice(0, repeated).join("/");
  const inner = folders.filter((other) => other[0] === name && other.length > 1).map((other) => other.slice(1));
  const isInUse = repeated === 1 &&
    (await Promise.all(inner.map((rest) => exists(join(root, ...rest))))).includes(true);
  return {
    name,
    above: resolve(root, ...folder.slice(0, repeated).map(() => "..")),
    example: folder.join("/"),
    isOfProgram: repeated > 1 || isInUse,
  };
}

/** Folders of the layout, that of LoRAs first; of a template, the folders before the first word. */
function layoutFolders({ layout, template }: LayoutChoice): readonly (readonly string[])[] {
  if (template === null) {
    const { LORA, ...others } = LAYOUTS[layout].folders;
    return [LORA, ...Object.values(others)].filter((folder) => folder !== undefined).map((folder) => folder.split("/"));
  }
  const fixed: string[] = [];
  for (const segment of parseTemplate(template).slice(0, -1)) {
    if (!segment.every((part) => typeof part === "string")) break;
    fixed.push(segment.join(""));
  }
  return fixed.length === 0 ? [] : [fixed];
}

/** How many names at the end of a path are those at the beginning of a folder. */
function countRepeated(names: readonly string[], folder: readonly string[]): number {
  const counts = folder.map((_, index) => index + 1).toReversed();
  return counts.find((count) => names.slice(-count).join("/") === folder.slice(0, count).join("/")) ?? 0;
}
