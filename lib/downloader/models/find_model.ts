import { basename, isAbsolute, relative, resolve } from "node:path";
import { cleanText, compareText, KitError } from "../../base/mod.ts";
import { parseTarget, type Target } from "../../civitai/mod.ts";
import type { Catalog, CatalogItem } from "../../library/mod.ts";
import type { Library } from "../open_library.ts";

/** The one model that a word means. */
export interface FoundModel {
  /** Discriminates {@linkcode FoundModels}. */
  readonly type: "model";
  /** Id of the model. */
  readonly modelId: number;
  /** Id of the version, if the word means one. */
  readonly versionId: number | null;
  /** Key of the file in the catalog, if the word means one. */
  readonly fileKey: string | null;
}

/** A model whose name a word may mean. */
export interface ModelMatch {
  /** Id of the model. */
  readonly id: number;
  /** Name of the model. */
  readonly name: string;
  /** `Checkpoint`, `LORA`, … */
  readonly type: string | null;
  /** Name of the creator; `null` when unknown. */
  readonly creator: string | null;
  /** Number of its files in the catalog. */
  readonly files: number;
}

/** What a word means in a library: one model, or one of several. */
export type FoundModels = FoundModel | {
  /** Discriminates {@linkcode FoundModels}. */
  readonly type: "several";
  /** The models, by name. */
  readonly matches: readonly ModelMatch[];
};

/** Words that only a target of Civitai begins with. */
const TARGET = /^(?:[a-z]+:\S|https?:\/\/|(?:www\.)?civitai\.)/i;
const SIDECAR = /\.(?:civitai\.info|metadata\.json|json|description\.md)$/;
const FORMS = "Write model:ID, version:ID, a Civitai URL, the path of a file, a SHA-256, or a part of a name";

/**
 * Find the model of a library that a word means. Makes no request.
 *
 * @param library The library; only its catalog is read
 * @param word An id, a typed word such as `version:1`, a URL, an AIR, the path of a file, a hash, or a part of the names
 * of a model, a version or a file
 * @returns The model; or the models, if the word is a part of several names and the whole name of none
 * @throws {KitError} `usage` if the word means something else, `failed` if the library does not have it
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { findModel, openLibrary } from "@civitai-dl/civitai-dl/downloader";
 *
 * using library = await openLibrary("models", { command: "example", scratch: true });
 * await assertRejects(async () => findModel(library, "model:123"));
 * ```
 */
export function findModel(library: Pick<Library, "catalog" | "root">, word: string): FoundModels {
  const { catalog } = library;
  const item = findByPath(library, word);
  if (item !== null) return ownerOf(item, word);
  const target = readTarget(word);
  const found = target === null ? null : findTarget(catalog, target, word);
  if (found !== null) return found;
  // A number may be a part of a name.
  const matches = target === null || /^\d+$/.test(word) ? searchNames(catalog, word) : [];
  if (matches.length === 0) throw unknown(word);
  const [only] = matches;
  if (matches.length === 1) return { type: "model", modelId: only!.id, versionId: null, fileKey: null };
  return { type: "several", matches };
}

/** Find the item of a path: one as the catalog has it, or one from the user's folder, of the file or a sidecar of it. */
function findByPath({ catalog, root }: Pick<Library, "catalog" | "root">, word: string): CatalogItem | null {
  for (const path of [word, resolve(word), realPath(word)]) {
    const inner = path === null ? "" : (isAbsolute(path) ? relative(root, path) : path).replaceAll("\\", "/");
    if (inner === "" || inner.startsWith("../") || isAbsolute(inner)) continue;
    const item = catalog.itemByPath(inner) ?? findBySidecar(catalog, inner);
    if (item !== null) return item;
  }
  return null;
}

/** Find the file that a sidecar describes, by its name. */
function findBySidecar(catalog: Catalog, path: string): CatalogItem | null {
  const ending = SIDECAR.exec(path)?.[0];
  if (ending === undefined) return null;
  return catalog.filesOfStem(`${path.slice(0, -ending.length)}.safetensors`)[0] ?? null;
}

function realPath(word: string): string | null {
  try {
    return Deno.realPathSync(word);
  } catch {
    // Most words are no paths.
    return null;
  }
}

function ownerOf({ modelId, versionId, key, kind }: CatalogItem, word: string): FoundModel {
  if (modelId === null) {
    throw new KitError("failed", `Cannot show "${cleanText(word)}": it is a posted image, which has no model`);
  }
  return { type: "model", modelId, versionId, fileKey: kind === "file" ? key : null };
}

/** Read a word as a target of Civitai; `null` if it is a part of a name. */
function readTarget(word: string): Target | null {
  try {
    const target = parseTarget(word);
    return target.type === "user" && !TARGET.test(word) ? null : target;
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    if (/^https?:/i.test(word)) throw error;
    return null;
  }
}

function findTarget(catalog: Catalog, target: Target, word: string): FoundModel | null {
  switch (target.type) {
    case "model":
      return findById(catalog, { ...target, fileId: null });
    case "air":
      return findById(catalog, target);
    case "version": {
      const { versionId, fileId } = target;
      const modelId = catalog.version(versionId)?.modelId ??
        [...catalog.items({ versionIds: [versionId] }).take(1)][0]?.modelId ?? null;
      return modelId === null ? null : findById(catalog, { modelId, versionId, fileId });
    }
    case "hash": {
      const item = findByHash(catalog, target.hash);
      return item === null ? null : ownerOf(item, word);
    }
    case "user":
    case "image":
    case "post":
      throw new KitError("usage", `Cannot show "${cleanText(word)}": it is no model, version or file`, {
        hint: target.type === "user" ? `To list the files of a creator: civitai-dl list --creator NAME` : FORMS,
      });
  }
}

function findById(
  catalog: Catalog,
  { modelId, versionId, fileId }: {
    readonly modelId: number;
    readonly versionId: number | null;
    readonly fileId: number | null;
  },
): FoundModel | null {
  if (catalog.model(modelId) === null && catalog.items({ modelId }).next().done) return null;
  const isKnown = versionId === null || catalog.version(versionId)?.modelId === modelId ||
    catalog.items({ modelId, versionIds: [versionId] }).next().done !== true;
  if (!isKnown) return null;
  const key = versionId === null || fileId === null ? null : `file:${versionId}:${fileId}`;
  return { type: "model", modelId, versionId, fileKey: key };
}

/** Find the file with a hash: the SHA-256 of its bytes here, or any hash that Civitai publishes of it. */
function findByHash(catalog: Catalog, hash: string): CatalogItem | null {
  if (hash.length === 64) {
    for (const item of catalog.items({ kinds: ["file"], sha256: hash })) return item;
  }
  for (const item of catalog.items({ kinds: ["file"] })) {
    if (Object.values(item.hashes).some((other) => other.toLowerCase() === hash)) return item;
  }
  return null;
}

/**
 * Find the models that have these words in their names or in those of their versions and files. If the words are the
 * whole name of some, only these.
 */
function searchNames(catalog: Catalog, text: string): readonly ModelMatch[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return [];
  const found = new Map<number, ModelMatch>();
  for (const item of catalog.namedItems({ text, kinds: ["file"] })) {
    const { modelId, modelName, modelType, versionName, path, creator } = item;
    if (modelId === null) continue;
    const names = [modelName, versionName, basename(path)].join("\n").toLowerCase();
    if (!words.every((word) => names.includes(word))) continue;
    const files = (found.get(modelId)?.files ?? 0) + 1;
    found.set(modelId, { id: modelId, name: modelName ?? String(modelId), type: modelType, creator, files });
  }
  const matches = [...found.values()].toSorted((a, b) => compareText(a.name, b.name) || a.id - b.id);
  const exact = matches.filter(({ name }) => name.toLowerCase() === text.trim().toLowerCase());
  return exact.length === 0 ? matches : exact;
}

function unknown(word: string): KitError {
  return new KitError("failed", `Cannot show "${cleanText(word)}": the library has no such model`, {
    hint: `${FORMS}. To search paths and creators too: civitai-dl list TEXT`,
  });
}
