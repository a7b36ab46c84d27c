import { cleanText } from "../../base/mod.ts";
import { firstImage, type GalleryPicture, newestFirst } from "../../downloader/mod.ts";
import type { CatalogItem, ModelRecord, VersionRecord } from "../../library/mod.ts";

/** States of a model, in the order of their numbers in the index. */
export const MODEL_STATES = ["done", "partial", "planned", "failed", "corrupted"] as const;
/** State of a model, by that of its files. */
export type ModelState = typeof MODEL_STATES[number];

/** What the catalog has of a model. */
export interface ModelSources {
  readonly id: number;
  /** `null` if only its files are known, as after a rebuild without sidecars. */
  readonly model: ModelRecord | null;
  /** Its known versions, in any order. */
  readonly versions: readonly VersionRecord[];
  /** Its files and previews. */
  readonly items: readonly CatalogItem[];
  readonly isRemoved: boolean;
  /** Reads a picture on disk of the gallery of each version; only asked for what has no showcase. */
  readonly readGallery: () => ReadonlyMap<number, GalleryPicture>;
}

/** What the index has of a model. */
export interface ModelRow {
  readonly id: number;
  readonly name: string;
  /** `null` for a model without an owner. */
  readonly creator: string | null;
  readonly type: string;
  /** Base models of its versions; not empty. */
  readonly bases: readonly string[];
  readonly tags: readonly string[];
  /** Top folders of its files. */
  readonly roots: readonly string[];
  /** Bits of maturity of the model. */
  readonly level: number;
  readonly state: ModelState;
  /** Size of the files that are held. */
  readonly bytes: number;
  /** When the first of its files was there, in milliseconds since the epoch; 0 if none is. */
  readonly added: number;
  /** When the last of its files was there. */
  readonly updated: number;
  /** Base model and name of the newest version, of those that are held if there are any. */
  readonly base: string;
  readonly version: string;
  /** Number of versions that have files here or planned. */
  readonly versions: number;
  readonly files: number;
  readonly preview: RowPreview | null;
  readonly isRemoved: boolean;
  /** What a search looks at, see {@linkcode foldText}. */
  readonly text: string;
}

/** The picture that stands for a model. */
export interface RowPreview {
  readonly imageId: number;
  readonly versionId: number;
  /** Blurhash; `null` if unknown. */
  readonly hash: string | null;
  readonly level: number;
}

/** Limits of what a hostile record can put into the index. */
const MAX_TAGS = 100;
const MAX_TEXT_CHARS = 8000;

/** Fold a text for searches and for sorting: letter case and the width of characters do not matter. */
export function foldText(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/**
 * Describe a model for the index.
 *
 * @returns The row; `null` if it has no files, here or planned
 */
export function describeModel(sources: ModelSources): ModelRow | null {
  const { id, model, versions, items, isRemoved } = sources;
  const files = items.filter(({ kind }) => kind === "file");
  if (files.length === 0) return null;
  const held = files.filter(({ state }) => state === "done");
  const dates = held.map(({ doneAt }) => doneAt ?? 0);
  const records = new Map(versions.map((version) => [version.id, version]));
  const versionIds = versionsOf(files);
  const present = held.length === 0 ? versionIds : versionsOf(held);
  const inOrder = versions.toSorted(newestFirst);
  const newest = inOrder.find((version) => present.includes(version.id));
  const name = cleanText(model?.name ?? nameOfPath(files[0]!.path)) || String(id);
  const creator = cleanName(model?.creator ?? files[0]!.creator);
  const fields = fieldsOf(model?.json);
  const level = levelOf(fields) || versions.reduce((bits, { json }) => bits | levelOf(fieldsOf(json)), 0);
  const tags = cleanNames(textsOf(fields.tags)).slice(0, MAX_TAGS);
  const bases = cleanNames(present.map((versionId) => records.get(versionId)?.baseModel ?? "Other"));
  const words = versions.flatMap(({ json }) => textsOf(fieldsOf(json).trainedWords));
  const names = versions.map((version) => version.name);
  return {
    id,
    name,
    creator,
    type: cleanText(model?.type ?? "") || "Other",
    bases,
    tags,
    roots: cleanNames(files.map(({ path }) => rootOf(path))),
    level,
    state: stateOf(files),
    bytes: held.reduce((sum, { actualBytes, sizeBytes }) => sum + (actualBytes ?? sizeBytes ?? 0), 0),
    added: dates.length === 0 ? 0 : Math.min(...dates),
    updated: Math.max(0, ...dates),
    base: cleanText(newest?.baseModel ?? "") || bases[0]!,
    version: cleanText(newest?.name ?? ""),
    versions: versionIds.length,
    files: files.length,
    preview: previewOf([...newest === undefined ? [] : [newest], ...inOrder], { ...sources, level }),
    isRemoved,
    text: foldText([name, creator ?? "", ...tags, ...words, ...names].join("\n")).slice(0, MAX_TEXT_CHARS),
  };
}

/**
 * The picture of the version that the card names, else that of the newest one that has any: the first of its showcase,
 * else one of its gallery that is on disk.
 */
function previewOf(
  versions: readonly VersionRecord[],
  { items, readGallery, level }: Pick<ModelSources, "items" | "readGallery"> & { readonly level: number },
): RowPreview | null {
  let gallery: ReadonlyMap<number, GalleryPicture> | undefined;
  for (const { id: versionId, json } of versions) {
    const { images } = fieldsOf(fieldsOf(json).raw);
    const first = firstImage(images, new Set(previewsOf(versionId, items)));
    if (first !== null) return { imageId: first.id, versionId, hash: first.hash, level: first.nsfwLevel };
    gallery ??= readGallery();
    const kept = gallery.get(versionId);
    if (kept !== undefined) {
      return { imageId: kept.imageId, versionId, hash: null, level: kept.level ?? (levelOf(fieldsOf(json)) || level) };
    }
  }
  return null;
}

/** Ids of the previews of a version that are on disk: the page has them offline. */
function previewsOf(id: number, items: readonly CatalogItem[]): readonly number[] {
  return items.filter(({ kind, versionId, state }) => kind === "preview" && versionId === id && state === "done")
    .map(({ imageId }) => imageId).filter((imageId) => imageId !== null);
}

function stateOf(files: readonly CatalogItem[]): ModelState {
  const count = (state: CatalogItem["state"]): number => files.filter((file) => file.state === state).length;
  if (count("corrupted") > 0) return "corrupted";
  if (count("failed") > 0) return "failed";
  const done = count("done");
  if (done === files.length) return "done";
  if (done > 0) return "partial";
  return count("refused") === files.length ? "failed" : "planned";
}

function versionsOf(items: readonly CatalogItem[]): readonly number[] {
  return [...new Set(items.map(({ versionId }) => versionId).filter((id) => id !== null))];
}

function nameOfPath(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The top folder of a path; empty for a file in the library's own folder. */
function rootOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

function cleanName(name: string | null): string | null {
  return name === null ? null : cleanText(name) || null;
}

function cleanNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => cleanText(name)))];
}

function levelOf({ nsfwLevel }: Readonly<Record<string, unknown>>): number {
  return typeof nsfwLevel === "number" && Number.isInteger(nsfwLevel) && nsfwLevel > 0 ? nsfwLevel & 63 : 0;
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null ? json as Readonly<Record<string, unknown>> : {};
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}
