import { join, posix } from "node:path";
import { listIfExists } from "../../base/mod.ts";
import { type CatalogItem, joinPath, MEDIA_FORMATS, parseImageFolder, splitName } from "../../library/mod.ts";
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
  readonly #names = new Map<string, Promise<readonly string[]>>();
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
    const names = isShared ? [] : await this.#list(folder);
    const beside = names.filter((name) => name.startsWith(`${stem}.`) && isCompanion(name.slice(stem.length)))
      .map((name) => joinPath(folder, name))
      .filter((other) => catalog.itemByPath(other) === null);
    const isLeft = this.#isLeft(folder, () => this.#filesIn(folder));
    return isLeft ? [...beside, joinPath(folder, "description.md")] : beside;
  }

  /** Whether all of some items go; they are asked for once. */
  #isLeft(name: string, items: () => Iterable<CatalogItem>): boolean {
    const known = this.#wholly.get(name);
    if (known !== undefined) return known;
    const isLeft = Iterator.from(items()).every(({ key }) => this.#leaving.has(key));
    this.#wholly.set(name, isLeft);
    return isLeft;
  }

  /** The files of the versions that have a folder, in it or elsewhere. */
  *#filesIn(folder: string): Generator<CatalogItem> {
    const { catalog } = this.#library;
    for (const versionId of catalog.versionsIn(folder)) {
      const modelId = catalog.version(versionId)?.modelId;
      for (const item of catalog.items({ modelId, kinds: ["file"] })) if (item.versionId === versionId) yield item;
    }
  }

  #list(folder: string): Promise<readonly string[]> {
    const known = this.#names.get(folder);
    if (known !== undefined) return known;
    const names = listIfExists(join(this.#library.root, folder)).then((entries) => entries.map(({ name }) => name));
    this.#names.set(folder, names);
    return names;
  }
}

function isCompanion(ending: string): boolean {
  return SIDECAR_ENDINGS.has(ending.toLowerCase()) || PICTURE_ENDING.test(ending);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
