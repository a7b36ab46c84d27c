import { cleanText, compareText, isRecord } from "../../base/mod.ts";
import { type ModelFile, type ModelVersion, parseVersion } from "../../civitai/mod.ts";
import {
  type Catalog,
  type CatalogItem,
  type ModelRecord,
  parseRichText,
  type RichText,
  type VersionRecord,
} from "../../library/mod.ts";
import { type ImageFacts, readImageFacts } from "../plan/image_facts.ts";
import { readRemovals, removalOf, type Removals } from "../plan/removal_notes.ts";
import { readShowcase, type ShowcaseImage } from "./showcase.ts";

/** A file of a version, here or only on Civitai. */
export interface DocumentFile {
  /** The catalog's key. */
  readonly key: string;
  /** Id of the file. */
  readonly id: number;
  /** Name of the file on Civitai. */
  readonly name: string;
  /** Purpose of the file: `Model`, `VAE`, `Config`, … */
  readonly type: string | null;
  /** Path relative to the library; `null` if it is not planned. */
  readonly path: string | null;
  /** Size on disk, or the size that Civitai states. */
  readonly bytes: number | null;
  /** State in the catalog; `absent` if Civitai has the file, and the library does not want it. */
  readonly state: CatalogItem["state"] | "absent";
  /** Outcome of the last run that processed it. */
  readonly outcome: string | null;
  /** Explanation of the state or outcome. */
  readonly reason: string | null;
  /** SHA-256 of the file on disk. */
  readonly sha256: string | null;
  /** Hashes that Civitai publishes, by kind. */
  readonly hashes: Record<string, string>;
  /** When it was done, ISO 8601 UTC. */
  readonly doneAt: string | null;
  /** When it was found that Civitai no longer has it, its version or its model, ISO 8601 UTC. */
  readonly removedAt: string | null;
}

/** A picture of a version. */
export interface DocumentPicture {
  /** Id of the image. */
  readonly id: number;
  /** Its path below the previews: ids of the version and of the image. */
  readonly src: string;
  /** Width in pixels; `null` if unknown. */
  readonly width: number | null;
  /** Height in pixels; `null` if unknown. */
  readonly height: number | null;
  /** Blurhash; `null` if unknown. */
  readonly hash: string | null;
  /** Bits of maturity. */
  readonly level: number;
  /** Whether it is a video. */
  readonly isVideo: boolean;
  /** The prompt that it was generated with. */
  readonly prompt: string | null;
  /** The negative prompt. */
  readonly negative: string | null;
  /** Other settings that it was generated with. */
  readonly meta: Record<string, string>;
}

/** A version of a model. */
export interface DocumentVersion {
  /** Id of the version. */
  readonly id: number;
  /** Name of the version. */
  readonly name: string;
  /** Base model: `SDXL 1.0`, `Pony`, … */
  readonly base: string;
  /** When it was published, ISO 8601; `null` if unknown. */
  readonly publishedAt: string | null;
  /** Trigger words. */
  readonly words: string[];
  /** What the creator says about it. */
  readonly description: RichText;
  /** Whether a file of it is in the library. */
  readonly held: boolean;
  /** Its page on Civitai. */
  readonly url: string;
  /** When it was found that Civitai no longer has it, although it has the model, ISO 8601 UTC. */
  readonly removedAt: string | null;
  /** Its files, those of Civitai first. */
  readonly files: DocumentFile[];
  /** Its pictures: those that the creator chose, then those of its gallery that are in the library. */
  readonly pictures: DocumentPicture[];
}

/** What Civitai says that may be done with a model; `null` where it says nothing. */
export interface ModelPermissions {
  /** Whether the creator must be named. */
  readonly credit: boolean | null;
  /** Commercial uses that are allowed: `Image`, `RentCivit`, `Rent`, `Sell`. */
  readonly commercial: string[] | null;
  /** Whether merges may be shared. */
  readonly derivatives: boolean | null;
  /** Whether merges may have other permissions. */
  readonly relicense: boolean | null;
}

/** All that a library knows of a model. */
export interface ModelDocument {
  /** Id of the model. */
  readonly id: number;
  /** Name of the model. */
  readonly name: string;
  /** `Checkpoint`, `LORA`, … */
  readonly type: string;
  /** Name of the creator; `null` when unknown. */
  readonly creator: string | null;
  /** Its tags. */
  readonly tags: string[];
  /** Bits of maturity. */
  readonly level: number;
  /** Its page on Civitai. */
  readonly url: string;
  /** When it was found that Civitai no longer has it, ISO 8601 UTC; `null` if it is there. */
  readonly removedAt: string | null;
  /** What the creator says about it. */
  readonly description: RichText;
  /** What may be done with it. */
  readonly permissions: ModelPermissions;
  /** Folder of its files, relative to the library; `null` if there are none. */
  readonly folder: string | null;
  /** Size of the files that are in the library. */
  readonly bytes: number;
  /** Its known versions, the newest first. */
  readonly versions: DocumentVersion[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Bits of maturity that civitai.com shows: PG and PG-13. */
const SAFE_LEVELS = 3;
const MAX_SETTINGS = 40;
const MAX_SETTING_CHARS = 500;
const MAX_PROMPT_CHARS = 20_000;
/** Pictures of a version: those of the showcase, then those of its gallery that are here. */
const MAX_PICTURES = 100;

/**
 * Read all that a catalog knows of a model. The texts of others are cleaned of what a terminal or a page would obey.
 *
 * @param catalog The catalog; it is only read
 * @param id Id of the model
 * @returns The model; `null` if the catalog has neither its record nor files of it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openLibrary, readModelDocument } from "@civitai-dl/civitai-dl/downloader";
 *
 * using library = await openLibrary("models", { command: "example", scratch: true });
 * assertEquals(await readModelDocument(library.catalog, 123), null);
 * ```
 */
export async function readModelDocument(catalog: Catalog, id: number): Promise<ModelDocument | null> {
  const model = catalog.model(id);
  const removals = readRemovals(catalog);
  const items = [...catalog.items({ modelId: id })];
  if (model === null && items.length === 0) return null;
  const json = fieldsOf(model?.json);
  const level = levelOf(json);
  const versions = versionsOf(catalog.versionsOf(id), items);
  const host = needsMatureHost(json, level) ? "civitai.red" : "civitai.com";
  const url = `https://${host}/models/${id}`;
  const held = items.filter(({ kind, state }) => kind === "file" && state === "done");
  return {
    id,
    name: cleanText(model?.name ?? "") || String(id),
    type: cleanText(model?.type ?? "") || "Other",
    creator: cleanText(model?.creator ?? items[0]?.creator ?? "") || null,
    tags: textsOf(json.tags).map((tag) => cleanText(tag)),
    level,
    url,
    removedAt: removals.models.get(id) ?? null,
    description: await parseRichText(textOf(json.description)),
    permissions: permissionsOf(fieldsOf(json.raw)),
    folder: folderOf(held),
    bytes: held.reduce((sum, { actualBytes, sizeBytes }) => sum + (actualBytes ?? sizeBytes ?? 0), 0),
    versions: await Promise.all(
      versions.map((version) =>
        describeVersion(version, {
          model,
          items,
          level,
          url,
          removals,
          factsOf: (imageId) => readImageFacts(catalog, imageId),
        })
      ),
    ),
  };
}

/**
 * Order versions, the newest first; for `toSorted`.
 *
 * @param a Id and date of a version
 * @param b Id and date of another version
 * @returns A negative number if the first is newer
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { newestFirst } from "@civitai-dl/civitai-dl/downloader";
 *
 * const versions = [{ id: 1, publishedAt: null }, { id: 2, publishedAt: null }];
 * assertEquals(versions.toSorted(newestFirst)[0]?.id, 2);
 * ```
 */
export function newestFirst(a: Pick<VersionRecord, "id" | "publishedAt">, b: typeof a): number {
  return compareText(b.publishedAt ?? "", a.publishedAt ?? "") || b.id - a.id;
}

/** A version, of which only the files may be known. */
interface KnownVersion extends Pick<VersionRecord, "id" | "modelId" | "name" | "baseModel" | "publishedAt" | "json"> {}

function versionsOf(records: readonly VersionRecord[], items: readonly CatalogItem[]): readonly KnownVersion[] {
  const known = new Set(records.map(({ id }) => id));
  const others = new Map<number, KnownVersion>();
  for (const { versionId, modelId } of items) {
    if (versionId === null || modelId === null || known.has(versionId)) continue;
    const name = String(versionId);
    others.set(versionId, { id: versionId, modelId, name, baseModel: "Other", publishedAt: null, json: {} });
  }
  return [...records, ...others.values()].toSorted(newestFirst);
}

interface VersionPlace {
  readonly model: ModelRecord | null;
  readonly items: readonly CatalogItem[];
  readonly level: number;
  readonly url: string;
  readonly removals: Removals;
  /** What was kept of an image. */
  readonly factsOf: (imageId: number) => ImageFacts | null;
}

async function describeVersion(version: KnownVersion, place: VersionPlace): Promise<DocumentVersion> {
  const json = fieldsOf(version.json);
  const raw = fieldsOf(json.raw);
  const items = place.items.filter(({ versionId }) => versionId === version.id);
  const published = parsePublished(raw, version, place.model);
  return {
    id: version.id,
    name: cleanText(version.name),
    base: cleanText(version.baseModel),
    publishedAt: version.publishedAt,
    words: textsOf(json.trainedWords).map((word) => cleanText(word)).filter((word) => word !== ""),
    description: await parseRichText(textOf(json.description)),
    held: items.some(({ kind, state }) => kind === "file" && state === "done"),
    url: `${place.url}?modelVersionId=${version.id}`,
    removedAt: place.removals.versions.get(version.id) ?? null,
    files: describeFiles(version.id, {
      published: published?.files ?? [],
      items: items.filter(({ kind }) => kind === "file"),
      removals: place.removals,
    }),
    pictures: describePictures(raw.images, items, {
      versionId: version.id,
      level: levelOf(json) || place.level,
      factsOf: place.factsOf,
    }),
  };
}

function parsePublished(raw: Fields, version: KnownVersion, model: ModelRecord | null): ModelVersion | null {
  try {
    const { id, modelId } = version;
    return parseVersion({ ...raw, id }, { modelId, ...model === null ? {} : { type: model.type } });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function describeFiles(
  versionId: number,
  { published, items, removals }: {
    readonly published: readonly ModelFile[];
    readonly items: readonly CatalogItem[];
    readonly removals: Removals;
  },
): DocumentFile[] {
  const byId = new Map(items.map((item) => [item.fileId, item]));
  const listed = published.map((file): DocumentFile => {
    const item = byId.get(file.id);
    byId.delete(file.id);
    if (item !== undefined) return describeItem(item, file, removals);
    return {
      key: `file:${versionId}:${file.id}`,
      id: file.id,
      name: cleanText(file.name),
      type: cleanText(file.type),
      path: null,
      bytes: file.sizeBytes,
      state: "absent",
      outcome: null,
      reason: null,
      sha256: null,
      hashes: { ...file.hashes as Record<string, string> },
      doneAt: null,
      removedAt: null,
    };
  });
  return [...listed, ...[...byId.values()].map((item) => describeItem(item, null, removals))];
}

function describeItem(item: CatalogItem, file: ModelFile | null, removals: Removals): DocumentFile {
  const { key, path, state, outcome, reason, sha256, hashes, doneAt } = item;
  return {
    key,
    id: item.fileId ?? 0,
    name: cleanText(file?.name ?? path.slice(path.lastIndexOf("/") + 1)),
    type: file === null ? null : cleanText(file.type),
    path,
    bytes: (state === "done" ? item.actualBytes : null) ?? item.sizeBytes,
    state,
    outcome,
    reason,
    sha256: state === "done" ? sha256 : null,
    hashes: { ...hashes },
    doneAt: doneAt === null ? null : new Date(doneAt).toISOString(),
    removedAt: removalOf(removals, item),
  };
}

/** The pictures of the showcase, then those of the gallery that are here, whose maturity is taken from their version. */
function describePictures(
  images: unknown,
  items: readonly CatalogItem[],
  { versionId, level, factsOf }: { readonly versionId: number; readonly level: number } & Pick<VersionPlace, "factsOf">,
): DocumentPicture[] {
  const pictures = readShowcase(images).filter(({ type }) => type !== "audio")
    .map((image) => describeImage({ ...image, meta: image.meta ?? factsOf(image.id)?.meta ?? null }, versionId));
  const known = new Set(pictures.map(({ id }) => id));
  for (const { kind, state, imageId: id, path } of items) {
    if (kind === "file" || state !== "done" || id === null || known.has(id)) continue;
    known.add(id);
    const facts = factsOf(id);
    const type = /\.(?:mp4|webm)$/i.test(path) ? "video" : "image";
    const image = facts ?? { id, width: null, height: null, nsfwLevel: level, meta: null };
    pictures.push(describeImage({ ...image, type, hash: null }, versionId));
  }
  return pictures.slice(0, MAX_PICTURES);
}

/** The path of a picture below /previews/. */
function pathOf(imageId: number, versionId: number): string {
  return `${versionId}/${imageId}`;
}

function describeImage(
  { id, width, height, hash, nsfwLevel, type, meta }: Pick<
    ShowcaseImage,
    "id" | "width" | "height" | "hash" | "nsfwLevel" | "type" | "meta"
  >,
  versionId: number,
): DocumentPicture {
  const { prompt, negativePrompt, ...settings } = meta ?? {};
  return {
    id,
    src: pathOf(id, versionId),
    width,
    height,
    hash,
    level: nsfwLevel,
    isVideo: type === "video",
    prompt: textOf(prompt)?.slice(0, MAX_PROMPT_CHARS) ?? null,
    negative: textOf(negativePrompt)?.slice(0, MAX_PROMPT_CHARS) ?? null,
    meta: settingsOf(settings),
  };
}

/** The settings that are one value each; the others, such as whole workflows, are for programs. */
function settingsOf(settings: Fields): Record<string, string> {
  const texts = Object.entries(settings)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([name, value]) => [cleanText(name).slice(0, 100), cleanText(String(value)).slice(0, MAX_SETTING_CHARS)]);
  return Object.fromEntries(texts.filter(([name, value]) => name !== "" && value !== "").slice(0, MAX_SETTINGS));
}

/** Read the permissions of a model in all forms in which the API has given them. */
function permissionsOf(raw: Fields): ModelPermissions {
  const { allowNoCredit, allowCommercialUse, allowDerivatives, allowDifferentLicense } = raw;
  return {
    credit: typeof allowNoCredit === "boolean" ? !allowNoCredit : null,
    commercial: commercialUses(allowCommercialUse),
    derivatives: typeof allowDerivatives === "boolean" ? allowDerivatives : null,
    relicense: typeof allowDifferentLicense === "boolean" ? allowDifferentLicense : null,
  };
}

/** A list, one word, or a list as PostgreSQL writes it: `{Image,RentCivit}`. */
function commercialUses(value: unknown): string[] | null {
  const words = typeof value === "string" ? value.replace(/^\{|\}$/g, "").split(",") : value;
  if (!Array.isArray(words)) return null;
  return textsOf(words).map((word) => cleanText(word)).filter((word) => word !== "" && word !== "None").slice(0, 10);
}

/** The folder that has all files, or that of the first one if they have none in common. */
function folderOf(files: readonly CatalogItem[]): string | null {
  const folders = files.map(({ path }) => path.split("/").slice(0, -1));
  const [first] = folders;
  if (first === undefined) return null;
  const depth = first.findIndex((name, at) => folders.some((folder) => folder[at] !== name));
  const common = depth === -1 ? first : first.slice(0, depth);
  return (common.length === 0 ? first : common).join("/");
}

function needsMatureHost({ nsfw }: Fields, level: number): boolean {
  return nsfw === true || (level !== 0 && (level & SAFE_LEVELS) === 0);
}

function levelOf({ nsfwLevel }: Fields): number {
  return typeof nsfwLevel === "number" && Number.isInteger(nsfwLevel) && nsfwLevel > 0 ? nsfwLevel & 63 : 0;
}

function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}
