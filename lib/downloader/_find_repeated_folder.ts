import { exists } from "@std/fs";
import { basename, dirname, join, resolve } from "node:path";
import { catalogFile, LAYOUTS, parseTemplate } from "../library/mod.ts";
import type { LayoutChoice } from "./settle_layout.ts";

/** Names of the folders in which programs are installed, by the layout for them. */
const PROGRAM_FOLDERS: Partial<Record<LayoutChoice["layout"], RegExp>> = {
  comfyui: /comfyui/i,
  a1111: /webui/i,
  forge: /webui|forge/i,
  invokeai: /invoke/i,
};

/** Folders at the top of a library, in any layout. */
const TOP_FOLDERS: ReadonlySet<string> = new Set([
  "models",
  "images",
  ...Object.values(LAYOUTS).flatMap(({ folders }) => Object.values(folders).map((folder) => folder.split("/")[0]!)),
]);

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
 */
export async function findRepeatedFolder(path: string, chosen: LayoutChoice): Promise<RepeatedFolder | null> {
  const root = resolve(path);
  const names = root.split(/[/\\]/);
  const folders = layoutFolders(chosen);
  const found = folders.map((folder) => ({ folder, repeated: countRepeated(names, folder) }))
    .toSorted((a, b) => b.repeated - a.repeated)[0];
  if (found === undefined || found.repeated === 0 || await exists(catalogFile(root))) return null;
  const { folder, repeated } = found;
  const name = folder.slice(0, repeated).join("/");
  const inner = folders.filter((other) => other[0] === name && other.length > 1).map((other) => other.slice(1));
  const isInUse = repeated === 1 &&
    (await Promise.all(inner.map((rest) => exists(join(root, ...rest))))).includes(true);
  return {
    name,
    above: resolve(root, ...folder.slice(0, repeated).map(() => "..")),
    example: folder.join("/"),
    isOfProgram: repeated > 1 || isInUse || isNamedAfter(names.at(-1 - repeated) ?? "", chosen),
  };
}

/** Whether a folder has the name of the program that the layout is for, such as `ComfyUI` or `stable-diffusion-webui`. */
function isNamedAfter(name: string, { layout, template }: LayoutChoice): boolean {
  return template === null && (PROGRAM_FOLDERS[layout]?.test(name) ?? false);
}

/**
 * Find the library that a new one would be inside of, in a folder that a layout uses: two libraries in one tree take
 * each other's files for unknown ones.
 *
 * @param path Folder of the library, which need not exist
 * @returns Absolute path of the outer library; `null` if there is none, or if there is a library at the path
 */
export async function findOuterLibrary(path: string): Promise<string | null> {
  // What is wrong with a path is said when the library is opened.
  const isLibrary = (folder: string) => exists(catalogFile(folder)).catch(() => false);
  let folder = resolve(path);
  if (await isLibrary(folder)) return null;
  for (let above = dirname(folder); above !== folder; above = dirname(folder)) {
    if (TOP_FOLDERS.has(basename(folder)) && await isLibrary(above)) return above;
    folder = above;
  }
  return null;
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
