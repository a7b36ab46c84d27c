import { creatorName } from "./catalog_names.ts";
import type { SettledCatalog } from "./settled_catalog.ts";
import { Gallery } from "./gallery.ts";
import { fileIdOf, FIRST_MODEL_ID, placeOfFile, placeOfShowcase, placeOfVersion, versionIdOf } from "./ids.ts";
import { LruMap } from "../_lru_map.ts";
import { makeCreator, makeModel } from "./make_model.ts";
import { placeOutcome } from "./_place_outcome.ts";
import { rollUnit } from "../_roll.ts";
import type { CatalogCreator, CatalogFile, CatalogImage, CatalogModel, CatalogVersion } from "./catalog_model.ts";

/** Number of models that are kept. */
const MAX_MODELS = 2000;
/** Contents of replaced files are numbered from here on for each revision, beyond all ids of files. */
const REVISION_STRIDE = 2 ** 32;

/** Versions and files that the site does not have now. */
interface AbsentParts {
  readonly versionIds: ReadonlySet<number>;
  readonly fileIds: ReadonlySet<number>;
}

/** A later content of a file. */
interface Replacement {
  /** 1 for the first replacement of the file. */
  readonly revision: number;
  readonly sizeBytes: number;
}

/**
 * The catalog of the sandbox. Its content is generated on demand and is the same every time, except for files that
 * were replaced.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { startSandbox } from "@civitai-dl/civitai-dl/sandbox";
 *
 * await using sandbox = await startSandbox({ size: { creators: 2, modelsPerCreator: 3 }, seed: 7 });
 * const { catalog } = sandbox;
 * assertEquals([...catalog.models()].length, 6);
 * const file = catalog.modelAt(0).versions[0]!.files[0]!;
 * assertEquals(catalog.file(file.id), file);
 * ```
 */
export class Catalog {
  readonly #settled: SettledCatalog;
  #models = new LruMap<number, CatalogModel>(MAX_MODELS);
  /** What replaced the first content of a file, by file id. */
  readonly #replacements = new Map<number, Replacement>();
  readonly #sizes: ReadonlyMap<number, number>;
  /** Positions of the models that the site does not have now. */
  #absent: ReadonlySet<number> = new Set();
  /** What it does not have of models that it has. */
  #absentParts: AbsentParts = { versionIds: new Set(), fileIds: new Set() };
  #creatorIndexes: Map<string, number> | undefined;
  readonly #gallery: Gallery;

  /**
   * Create a catalog; models are generated when they are requested.
   *
   * @param settled The options of the catalog
   */
  constructor(settled: SettledCatalog) {
    this.#settled = settled;
    this.#gallery = new Gallery(settled);
    this.#sizes = placeSizes(settled);
  }

  /** The options that determine the whole catalog. */
  get settled(): SettledCatalog {
    return this.#settled;
  }

  /** The community's images. */
  get gallery(): Gallery {
    return this.#gallery;
  }

  /** Find a creator by name, ignoring case; a space may replace an underscore. `null` if there is none. */
  creatorByName(name: string): CatalogCreator | null {
    this.#creatorIndexes ??= new Map(
      Array.from({ length: this.#settled.creators }, (_, index) => [creatorName(index).toLowerCase(), index]),
    );
    const slug = name.replace(" ", "_").replace(/[^A-Za-z0-9_]/g, "").toLowerCase();
    const index = this.#creatorIndexes.get(slug);
    return index === undefined ? null : makeCreator(index);
  }

  /** All creators. */
  *creators(): Generator<CatalogCreator> {
    for (let index = 0; index < this.#settled.creators; index++) yield makeCreator(index);
  }

  /** The model at a position, which must exist. */
  modelAt(index: number): CatalogModel {
    return this.#models.getOrMake(index, () => this.#edit(this.#link(makeModel(this.#settled, index, this.#sizes))));
  }

  /** The model with an id; `null` if there is none. */
  model(id: number): CatalogModel | null {
    const index = id - FIRST_MODEL_ID;
    const exists = Number.isInteger(index) && index >= 0 && index < this.#settled.models && this.has(index);
    return exists ? this.modelAt(index) : null;
  }

  /** Whether the site has the model at a position now. */
  has(index: number): boolean {
    return !this.#absent.has(index);
  }

  /**
   * Set the models that the site does not have now, as before they are published or after they are deleted; all others
   * are there. Their places in the catalog stay.
   *
   * @param ids Ids of models
   * @param parts Ids of versions and files of other models that it does not have either; none by default
   */
  setAbsent(
    ids: Iterable<number>,
    parts: { readonly versionIds?: Iterable<number>; readonly fileIds?: Iterable<number> } = {},
  ): void {
    const { versionIds = [], fileIds = [] } = parts;
    this.#absent = new Set(Array.from(ids, (id) => id - FIRST_MODEL_ID));
    this.#absentParts = { versionIds: new Set(versionIds), fileIds: new Set(fileIds) };
    this.#models = new LruMap(MAX_MODELS);
  }

  /** All models. */
  *models(): Generator<CatalogModel> {
    for (let index = 0; index < this.#settled.models; index++) if (this.has(index)) yield this.modelAt(index);
  }

  /** Number of models at the positions of a creator, with those that have no owner. */
  countOf(creator: CatalogCreator): number {
    const { modelsPerCreator } = this.#settled;
    const absent = [...this.#absent].filter((index) => Math.floor(index / modelsPerCreator) === creator.index);
    return modelsPerCreator - absent.length;
  }

  /** The models that a creator owns. */
  *modelsOf(creator: CatalogCreator): Generator<CatalogModel> {
    const { modelsPerCreator } = this.#settled;
    for (let place = 0; place < modelsPerCreator; place++) {
      const index = creator.index * modelsPerCreator + place;
      const model = this.modelAt(index);
      if (this.has(index) && model.creator !== null) yield model;
    }
  }

  /** The version with an id; `null` if there is none. */
  version(id: number): CatalogVersion | null {
    const { modelIndex, versionIndex } = placeOfVersion(id);
    const versions = this.model(FIRST_MODEL_ID + modelIndex)?.versions ?? [];
    return versions.find(({ index }) => index === versionIndex) ?? null;
  }

  /** The file with an id; `null` if there is none. */
  file(id: number): CatalogFile | null {
    const { versionId } = placeOfFile(id);
    return this.version(versionId)?.files.find((file) => file.id === id) ?? null;
  }

  /**
   * Replace the content of a file, as a creator does who uploads another file in its place: id and name stay; bytes,
   * hashes and the path on the storage host change.
   *
   * @param id Id of the file
   * @param sizeBytes Exact size of the new content, in bytes
   * @returns The file with its new content
   * @throws {RangeError} If there is no such file
   */
  replaceFile(id: number, sizeBytes: number): CatalogFile {
    if (this.file(id) === null) throw new RangeError(`Cannot replace file ${id}: the catalog has no file with this id`);
    this.#replacements.set(id, { revision: (this.#replacements.get(id)?.revision ?? 0) + 1, sizeBytes });
    this.#models = new LruMap(MAX_MODELS);
    return this.file(id)!;
  }

  /** All files. */
  *files(): Generator<CatalogFile> {
    for (const model of this.models()) {
      for (const version of model.versions) yield* version.files;
    }
  }

  /** The showcase or community image with an id; `null` if there is none. */
  image(id: number): CatalogImage | null {
    const { versionId, imageIndex } = placeOfShowcase(id);
    return this.#gallery.imageById(id) ?? this.version(versionId)?.images[imageIndex] ?? null;
  }

  /** The community images of a version. */
  galleryOf(versionId: number): Generator<CatalogImage> {
    return this.#gallery.ofVersionSlot(versionId - FIRST_MODEL_ID);
  }

  /** Leave out what the site does not have now, and give files the contents that replaced their first ones. */
  #edit(model: CatalogModel): CatalogModel {
    const { versionIds, fileIds } = this.#absentParts;
    if (this.#replacements.size + versionIds.size + fileIds.size === 0) return model;
    const edit = (file: CatalogFile): CatalogFile => withContent(file, this.#replacements.get(file.id));
    return {
      ...model,
      versions: model.versions.filter(({ id }) => !versionIds.has(id)).map((version) => ({
        ...version,
        files: version.files.filter(({ id }) => !fileIds.has(id)).map(edit),
        linkedFile: version.linkedFile === null ? null : edit(version.linkedFile),
      })),
    };
  }

  /** Link the VAE of another model to the first version of some checkpoints. */
  #link(model: CatalogModel): CatalogModel {
    const { seed, models } = this.#settled;
    if (model.type !== "Checkpoint" || rollUnit(seed, "linked", model.index) >= 0.5) return model;
    for (let step = 1; step < Math.min(models, 40); step++) {
      const other = makeModel(this.#settled, (model.index + step) % models, this.#sizes);
      const file = other.versions[0]?.files[0];
      if (other.type !== "VAE" || file === undefined || placeOutcome(this.#settled, other.index) !== null) continue;
      const linkedFile = { ...file, type: "VAE" };
      return { ...model, versions: model.versions.map((it) => it.index === 0 ? { ...it, linkedFile } : it) };
    }
    return model;
  }
}

function withContent(file: CatalogFile, replacement: Replacement | undefined): CatalogFile {
  if (replacement === undefined) return file;
  const { revision, sizeBytes } = replacement;
  const id = file.id.toString(36);
  return {
    ...file,
    sizeBytes,
    contentId: file.contentId + revision * REVISION_STRIDE,
    contentName: `revision-${revision}-of-${file.id}-${file.contentName}`,
    storagePath: file.storagePath.replace(`.${id}.`, `-r${revision}.${id}.`),
  };
}

/** Assign the exact sizes of the options to the first files of models without a placed outcome. */
function placeSizes(settled: SettledCatalog): ReadonlyMap<number, number> {
  const sizes = new Map<number, number>();
  const left = [...settled.fileSizes];
  for (let modelIndex = 0; modelIndex < settled.models && left.length > 0; modelIndex++) {
    if (placeOutcome(settled, modelIndex) !== null) continue;
    sizes.set(fileIdOf(versionIdOf({ modelIndex, versionIndex: 0 }), 0), left.shift()!);
  }
  if (left.length > 0) {
    throw new RangeError(
      `Cannot place "fileSizes": the catalog has only ${sizes.size} models without a placed outcome`,
    );
  }
  return sizes;
}
