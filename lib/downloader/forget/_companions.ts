import { join, posix } from "node:path";
import { listIfExists } from "../../base/mod.ts";
import {
  type CatalogItem,
  hasModelEnding,
  joinPath,
  MEDIA_FORMATS,
  parseImageFolder,
  splitName,
} from "../../library/mod.ts";
import type { Library } from "../open_library.ts";

/** What sidecars add to the stem of the file that they describe. */
const SIDECAR_ENDINGS: ReadonlySet<string> = new Set([
  ".civitai.info",
  ".metadata.json",
  ".cm-info.json",
  ".json",
  ".description.md",
  ".description.txt",
]);
/** Pictures that the user or another program has put beside a model: `x.png`, `x.preview.png`, `x.preview.2.png`. */
const PICTURE_ENDING = new RegExp(`^(?:\\.preview(?:\\.\\d+)?)?\\.(?:${MEDIA_FORMATS.join("|")}|jpg)$`, "i");
/** The description of a version that has its own folder. */
const DESCRIPTION = "description.md";
/** What an interrupted download or repair leaves beside the place of a file. */
const PART_ENDINGS = [".part", ".part.json", ".repair"];

/**
 * Finds the files that go with an item into the trash: its sidecars, pictures beside it that are no items, parts, and
 * the descriptions of a folder that has nothing else any more.
 */
export class Companions {
  readonly #library: Pick<Library, "root" | "catalog">;
  /** Keys of all items that go. */
  readonly #leaving: ReadonlySet<string>;
  readonly #listings = new Map<string, Promise<FolderNames>>();
  readonly #wholly = new Map<string, boolean>();

  constructor(library: Pick<Library, "root" | "catalog">, leaving: ReadonlySet<string>) {
    this.#library = library;
    this.#leaving = leaving;
  }

  /** Find the files that go with an item, relative to the library; some may not be there. */
  async of(item: CatalogItem): Promise<readonly string[]> {
    const parts = PART_ENDINGS.map((ending) => `${item.path}${ending}`);
    if (item.kind === "file") return [...parts, ...await this.#besideFile(item)];
    if (item.kind !== "image") return parts;
    const folder = parseImageFolder(item.path);
    const { catalog } = this.#library;
    const isLeft = this.#isLeft(`images of ${folder}`, () => catalog.imagesIn(folder));
    return isLeft ? [...parts, joinPath(folder, "images_metadata.json")] : parts;
  }

  async #besideFile({ path }: CatalogItem): Promise<readonly string[]> {
    const { catalog } = this.#library;
    const folder = folderOf(path);
    const { stem } = splitName(posix.basename(path));
    const isShared = catalog.filesOfStem(path).some(({ key }) => !this.#leaving.has(key));
    const names = isShared ? [] : (await this.#list(folder)).byStem.get(stem) ?? [];
    const beside = names.map((name) => joinPath(folder, name))
      .filter((other) => catalog.itemByPath(other) === null);
    return await this.#isLeftFolder(folder) ? [...beside, joinPath(folder, DESCRIPTION)] : beside;
  }

  /** Whether all of some items go; they are asked for once. */
  #isLeft(name: string, items: () => Iterable<CatalogItem>): boolean {
    const known = this.#wholly.get(name);
    if (known !== undefined) return known;
    const isLeft = Iterator.from(items()).every(({ key }) => this.#leaving.has(key));
    this.#wholly.set(name, isLeft);
    return isLeft;
  }

  /** Whether a folder has a description, and no model that stays. */
  async #isLeftFolder(folder: string): Promise<boolean> {
    const { all, hasDescription } = await this.#list(folder);
    if (!hasDescription) return false;
    const known = this.#wholly.get(folder);
    if (known !== undefined) return known;
    const isLeft = all.every((name) => this.#goes(folder, name));
    this.#wholly.set(folder, isLeft);
    return isLeft;
  }

  /** Whether an entry of a folder goes, or is no model. */
  #goes(folder: string, name: string): boolean {
    const item = this.#library.catalog.itemByPath(joinPath(folder, name));
    if (item !== null) return item.kind !== "file" || this.#leaving.has(item.key);
    return !hasModelEnding(name) || /\.json$/i.test(name);
  }

  #list(folder: string): Promise<FolderNames> {
    const known = this.#listings.get(folder);
    if (known !== undefined) return known;
    const names = listIfExists(join(this.#library.root, folder)).then((entries) => sortNames(entries));
    this.#listings.set(folder, names);
    return names;
  }
}

/** The entries of a folder, which may be many thousands. */
interface FolderNames {
  readonly all: readonly string[];
  readonly hasDescription: boolean;
  /** Names of sidecars and pictures by the stem of the file that they may belong to. */
  readonly byStem: ReadonlyMap<string, readonly string[]>;
}

function sortNames(entries: readonly Deno.DirEntry[]): FolderNames {
  const all = entries.map(({ name }) => name);
  const byStem = new Map<string, string[]>();
  for (const name of all) {
    for (const stem of describedStems(name)) {
      const same = byStem.get(stem);
      if (same === undefined) byStem.set(stem, [name]);
      else same.push(name);
    }
  }
  return { all, hasDescription: all.includes(DESCRIPTION), byStem };
}

/** The stems of files that a file may belong to: `x.preview.png` is a picture of `x`, or of `x.preview`. */
function* describedStems(name: string): Generator<string> {
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    const ending = name.slice(dot);
    if (SIDECAR_ENDINGS.has(ending.toLowerCase()) || PICTURE_ENDING.test(ending)) yield name.slice(0, dot);
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
