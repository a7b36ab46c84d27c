import { dirname, join, relative } from "node:path";
import { KitError, writeFiles } from "../../base/mod.ts";
import type { Model, ModelVersion } from "../../civitai/mod.ts";
import { wrapFailure } from "../../failsafe/mod.ts";
import {
  a1111Json,
  type Catalog,
  type CatalogItem,
  civitaiInfo,
  descriptionMarkdown,
  INFO_FACTS,
  type ItemState,
  type JsonObject,
  METADATA_FACTS,
  type MetadataFile,
  metadataJson,
  planSidecar,
  resolveInside,
  type SidecarFacts,
  type SidecarMemory,
  type SidecarMerge,
  sidecarPath,
} from "../../library/mod.ts";
import { isFlaggedPath } from "../flagged_files.ts";
import { sidecarFacts } from "../naming_facts.ts";
import { type FileSource, hasSidecars } from "../plan/plan_model.ts";
import { isRemovedItem } from "../plan/removal_notes.ts";
import { sidecarDigest } from "../sidecar_digest.ts";

/** Options of {@linkcode writeItemSidecars}. */
export interface WriteItemSidecarsOptions {
  /** Whether each version has its own folder, so that its description can be named `description.md`. */
  readonly hasVersionFolders: boolean;
  /**
   * Whether to flush each sidecar to the disk before it gets its name. Otherwise, a power cut can leave an empty file in
   * the place of one that has the user's own notes.
   *
   * @default {true}
   */
  readonly durable?: boolean | undefined;
  /**
   * Called with the path of each sidecar that was not written, since another program or the user owns it, and the
   * reason.
   */
  readonly onKept?: ((path: string, reason: string) => void) | undefined;
}

/**
 * Write the sidecars of model files: `.civitai.info`, `.metadata.json`, `.json` and the description. What the user or
 * another tool wrote there is kept. All sidecars of a call are recorded together, in two transactions.
 *
 * @param library Root and catalog
 * @param items Model files that are done
 * @param options Layout, and a callback for sidecars that were not written
 * @throws {FailureError} `disk` with the path of a sidecar that cannot be read or written; the other sidecars of the
 * call are written if they can be, and all of them are due again
 *
 * @example
 * ```ts
 * import { type Library, writeItemSidecars } from "@civitai-dl/civitai-dl/downloader";
 *
 * async function writeAll(library: Library): Promise<void> {
 *   const items = [...library.catalog.items({ kinds: ["file"], states: ["done"] })];
 *   const onKept = (path: string, reason: string) => console.warn(`Kept "${path}" unchanged: ${reason}`);
 *   await writeItemSidecars(library, items, { hasVersionFolders: true, onKept });
 * }
 * ```
 */
export async function writeItemSidecars(
  library: { readonly root: string; readonly catalog: Catalog },
  items: readonly CatalogItem[],
  options: WriteItemSidecarsOptions,
): Promise<void> {
  const { root, catalog } = library;
  const { durable = true, onKept = () => {} } = options;
  const memories = catalog.sidecarMemories(items.flatMap(({ path }) => sidecarPathsOf(path)));
  const described: Described[] = [];
  const knownFolders = new Set<string>();
  const plans: { readonly path: string; readonly merge: SidecarMerge }[] = [];
  for (const item of items) {
    if (!await isInside(root, item, { knownFolders, onKept })) continue;
    const wanted = await describe(library, item, { ...options, memories });
    if (wanted === null) continue;
    described.push(wanted);
    for (const { path, content, facts } of wanted.contents) {
      const previous = memories.get(path);
      try {
        plans.push({ path, merge: planSidecar(join(root, path), content, { previous, facts }) });
      } catch (error) {
        throw wrapFailure(error, `Cannot read "${path}"`);
      }
    }
  }
  const remember = (isNew: boolean): void => {
    for (const { path, merge } of plans) {
      if ((merge.status === "created") === isNew) catalog.rememberSidecar(path, merge.memory);
    }
  };
  // Record new files before they are written: after a kill, a file without a record would count as the user's. Record
  // existing files only after they are written: a record of content that is not on disk yet would be wrong.
  catalog.transaction(() => remember(true));
  const contents = new Map<string, string>();
  for (const { path, merge } of plans) {
    if (merge.status === "kept") onKept(path, merge.reason ?? "somebody else wrote it");
    if (merge.content !== null) contents.set(path, merge.content);
  }
  await writeContents(root, contents, { durable });
  catalog.transaction(() => {
    remember(false);
    for (const { item, digest, preview } of described) {
      // A preview that was fetched meanwhile is not in the sidecars yet: without a digest, they are written again.
      if (firstPreview(catalog, item)?.path === preview) catalog.setSidecarDigest(item.key, digest);
    }
  });
}

/** Write files, by their paths in the library, which only the holder of its lock writes. */
async function writeContents(
  root: string,
  contents: ReadonlyMap<string, string>,
  { durable }: { readonly durable: boolean },
): Promise<void> {
  const byPath = new Map(Array.from(contents, ([path, content]) => [join(root, path), content]));
  const [failed] = await writeFiles(byPath, { sync: durable });
  if (failed !== undefined) throw wrapFailure(failed.error, `Cannot write "${relative(root, failed.path)}"`);
}

/** Check that a path stays inside the library; a bad path from a tampered catalog must not stop other items. */
async function isInside(
  root: string,
  item: CatalogItem,
  { knownFolders, onKept }: {
    readonly knownFolders: Set<string>;
    readonly onKept: (path: string, reason: string) => void;
  },
): Promise<boolean> {
  try {
    await resolveInside(root, item.path, { access: "read", knownFolders });
    return true;
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    onKept(item.path, error.message);
    return false;
  }
}

/** The sidecars of one item, and the digest of the facts that they are made of. */
interface Described {
  readonly item: CatalogItem;
  readonly digest: string;
  /** Path of the preview that the sidecars name; `undefined` if there is none. */
  readonly preview: string | undefined;
  readonly contents: readonly SidecarContent[];
}

interface SidecarContent {
  readonly path: string;
  readonly content: JsonObject | string;
  /** Fields that are true whoever wrote them; see `SidecarKnowledge.facts`. */
  readonly facts?: readonly string[];
}

interface DescribeOptions extends Pick<WriteItemSidecarsOptions, "hasVersionFolders"> {
  /** What was written into the sidecars of the call before, by path. */
  readonly memories: ReadonlyMap<string, SidecarMemory>;
}

async function describe(
  library: { readonly root: string; readonly catalog: Catalog },
  item: CatalogItem,
  { hasVersionFolders, memories }: DescribeOptions,
): Promise<Described | null> {
  const { catalog } = library;
  if (isFlaggedPath(item.path)) return null;
  const isModel = isDescribed(item);
  if (!isModel && !standsForVersion(catalog, item)) return null;
  const described = factsOf(catalog, item);
  if (described === null) return null;
  const { facts, digest } = described;
  const preview = firstPreview(catalog, item);
  const description = descriptionPath(item, { hasVersionFolders, memories });
  // Programs read these only next to models, and a workflow is itself a `.json` file.
  const ofModel: Described["contents"] = isModel
    ? [
      {
        path: sidecarPath(item.path, ".metadata.json"),
        content: metadataJson(facts, metadataFile(library, { item, facts, preview })),
        facts: METADATA_FACTS,
      },
      { path: sidecarPath(item.path, ".json"), content: await a1111Json(facts) },
    ]
    : [];
  return {
    item,
    preview: preview?.path,
    digest,
    contents: [
      { path: sidecarPath(item.path, ".civitai.info"), content: civitaiInfo(facts), facts: INFO_FACTS },
      ...ofModel,
      { path: description, content: await descriptionMarkdown(facts) },
    ],
  };
}

/**
 * Build the content of the `.metadata.json` of a model file; `null` if it gets none, or its version is unknown.
 *
 * @param library Root and catalog
 * @param item A model file that is done
 */
export function describeFile(
  library: { readonly root: string; readonly catalog: Catalog },
  item: CatalogItem,
): JsonObject | null {
  const { catalog } = library;
  const described = isFlaggedPath(item.path) || !isDescribed(item) ? null : factsOf(catalog, item);
  if (described === null) return null;
  const { facts } = described;
  return metadataJson(facts, metadataFile(library, { item, facts, preview: firstPreview(catalog, item) }));
}

function isDescribed(item: CatalogItem): boolean {
  return hasSidecars(sourceOf(item).type);
}

function sourceOf({ source }: CatalogItem): FileSource {
  return JSON.parse(source ?? "{}");
}

/** Facts about the version of a file, and their digest; `null` if the catalog does not have it. */
function factsOf(
  catalog: Catalog,
  { versionId, modelId }: CatalogItem,
): { readonly facts: SidecarFacts; readonly digest: string } | null {
  const version = versionId === null ? null : catalog.version(versionId);
  const model = modelId === null ? null : catalog.model(modelId);
  // Both were written by planModel() from parsed responses.
  return version === null || model === null ? null : {
    facts: sidecarFacts(model.json as Model, version.json as ModelVersion),
    digest: sidecarDigest(model.digest, version.digest),
  };
}

interface FileOfVersion {
  readonly item: CatalogItem;
  readonly facts: SidecarFacts;
  readonly preview: CatalogItem | null;
}

function metadataFile(
  { root, catalog }: { readonly root: string; readonly catalog: Catalog },
  { item, facts, preview }: FileOfVersion,
): MetadataFile {
  const { type, format } = sourceOf(item);
  return {
    path: join(root, item.path),
    sizeBytes: item.actualBytes ?? 0,
    modifiedMs: item.mtimeMs ?? 0,
    sha256: item.sha256 ?? "",
    fileType: type,
    format,
    previewPath: preview === null ? null : join(root, preview.path),
    previewNsfwLevel: facts.nsfw ? 31 : 1,
    isRemoved: isRemovedItem(catalog, item),
  };
}

/**
 * Path of the description: where it was written before, since existing items stay, otherwise according to the layout of
 * this run.
 */
function descriptionPath({ path }: CatalogItem, { hasVersionFolders, memories }: DescribeOptions): string {
  const { own, shared } = descriptionPathsOf(path);
  if (memories.has(shared)) return shared;
  return hasVersionFolders || memories.has(own) ? own : shared;
}

/** The description of a version in its own folder, and that of one that shares its folder with others. */
function descriptionPathsOf(path: string): { readonly own: string; readonly shared: string } {
  return { own: `${dirname(path)}/description.md`, shared: sidecarPath(path, ".description.md") };
}

/** Every path that a sidecar of a file may have. */
function sidecarPathsOf(path: string): readonly string[] {
  const { own, shared } = descriptionPathsOf(path);
  const besideFile = [".civitai.info", ".metadata.json", ".json"].map((ending) => sidecarPath(path, ending));
  return [...besideFile, own, shared];
}

/** States of a file that is done or may still be fetched. */
const EXPECTED: readonly ItemState[] = ["planned", "done", "deferred"];

/**
 * Whether a file of a side type gets the sidecars of its version: no model file of the version has them, and it is the
 * first file that is done.
 */
function standsForVersion(catalog: Catalog, item: CatalogItem): boolean {
  if (item.modelId === null) return false;
  const files = [...catalog.items({ modelId: item.modelId, kinds: ["file"], states: EXPECTED })]
    .filter((file) => file.versionId === item.versionId);
  return !files.some(isDescribed) && files.find((file) => file.state === "done")?.key === item.key;
}

/**
 * Find the first preview of a version: its name has no number, and its extension is known only after it was fetched.
 */
function firstPreview(catalog: Catalog, item: CatalogItem): CatalogItem | null {
  if (item.modelId === null) return null;
  for (const preview of catalog.items({ modelId: item.modelId, kinds: ["preview"], states: ["done"] })) {
    if (preview.versionId === item.versionId && /\.preview\.[a-z0-9]+$/.test(preview.path)) return preview;
  }
  return null;
}
