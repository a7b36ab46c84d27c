import { dirname, join } from "node:path";
import { KitError, writeAtomicSync } from "../../base/mod.ts";
import type { Model, ModelVersion } from "../../civitai/mod.ts";
import {
  a1111Json,
  type Catalog,
  type CatalogItem,
  civitaiInfo,
  contentDigest,
  descriptionMarkdown,
  type ItemState,
  type JsonObject,
  metadataJson,
  planSidecar,
  resolveInside,
  type SidecarMerge,
  sidecarPath,
} from "../../library/mod.ts";
import { isFlaggedPath } from "../flagged_files.ts";
import { sidecarFacts } from "../naming.ts";
import { type FileSource, hasSidecars } from "../plan/plan_model.ts";

/** Options of {@linkcode writeItemSidecars}. */
export interface WriteItemSidecarsOptions {
  /** Whether each version has a folder of its own, so that `description.md` is its. */
  readonly hasOwnFolders: boolean;
  /** Called for a sidecar that was left as somebody else made it. */
  readonly onKept?: ((path: string, reason: string) => void) | undefined;
}

/**
 * Write what stands beside model files: `.civitai.info`, `.metadata.json`, `.json` and the description. What the user
 * or another tool wrote there is kept. Few transactions for many items: what is written is remembered together.
 *
 * @param library Root and catalog
 * @param items Model files that are done
 * @param options Layout
 */
export async function writeItemSidecars(
  library: { readonly root: string; readonly catalog: Catalog },
  items: readonly CatalogItem[],
  options: WriteItemSidecarsOptions,
): Promise<void> {
  const { root, catalog } = library;
  const { onKept = () => {} } = options;
  const described: Described[] = [];
  const knownFolders = new Set<string>();
  const plans: { readonly path: string; readonly merge: SidecarMerge }[] = [];
  for (const item of items) {
    if (!await isInside(root, item, { knownFolders, onKept })) continue;
    const wanted = await describe(library, item, options);
    if (wanted === null) continue;
    described.push(wanted);
    for (const [path, content] of wanted.contents) {
      const previous = catalog.sidecarMemory(path);
      plans.push({ path, merge: planSidecar(join(root, path), content, { previous }) });
    }
  }
  const remember = (isNew: boolean): void => {
    for (const { path, merge } of plans) {
      if ((merge.status === "created") === isNew) catalog.rememberSidecar(path, merge.memory);
    }
  };
  // A new file that nobody remembers would be taken for the user's after a kill; an old one must not be remembered as new.
  catalog.transaction(() => remember(true));
  for (const { path, merge } of plans) {
    if (merge.status === "kept") onKept(path, merge.reason ?? "somebody else wrote it");
    if (merge.content !== null) writeAtomicSync(join(root, path), merge.content);
  }
  catalog.transaction(() => {
    remember(false);
    for (const { key, digest } of described) catalog.setSidecarDigest(key, digest);
  });
}

/** One bad path of a tampered catalog must not stop the sidecars of other items. */
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

/** What is to stand beside one item. */
interface Described {
  readonly key: string;
  readonly digest: string;
  readonly contents: readonly (readonly [path: string, content: JsonObject | string])[];
}

async function describe(
  library: { readonly root: string; readonly catalog: Catalog },
  item: CatalogItem,
  { hasOwnFolders }: WriteItemSidecarsOptions,
): Promise<Described | null> {
  const { root, catalog } = library;
  const source: FileSource = JSON.parse(item.source ?? "{}");
  if (isFlaggedPath(item.path)) return null;
  const isModel = hasSidecars(source.type);
  if (!isModel && !standsForVersion(catalog, item)) return null;
  const version = item.versionId === null ? null : catalog.version(item.versionId);
  const model = item.modelId === null ? null : catalog.model(item.modelId);
  if (version === null || model === null) return null;
  // Both were written by planModel() from parsed answers.
  const facts = sidecarFacts(model.json as Model, version.json as ModelVersion);
  const preview = firstPreview(catalog, item);
  const file = {
    path: join(root, item.path),
    sizeBytes: item.actualBytes ?? 0,
    modifiedMs: item.mtimeMs ?? 0,
    sha256: item.sha256 ?? "",
    fileType: source.type,
    format: source.format,
    previewPath: preview === null ? null : join(root, preview.path),
    previewNsfwLevel: facts.nsfw ? 31 : 1,
  };
  const description = descriptionPath(catalog, item, { hasOwnFolders });
  // Programs look for these beside models only, and a workflow is a `.json` itself.
  const ofModel: Described["contents"] = isModel
    ? [
      [sidecarPath(item.path, ".metadata.json"), metadataJson(facts, file)],
      [sidecarPath(item.path, ".json"), await a1111Json(facts)],
    ]
    : [];
  return {
    key: item.key,
    digest: contentDigest(facts, { ignore: ["stats"] }),
    contents: [
      [sidecarPath(item.path, ".civitai.info"), civitaiInfo(facts)],
      ...ofModel,
      [description, await descriptionMarkdown(facts)],
    ],
  };
}

/** Where it was written before, or as the layout of this run says: an item of another layout stays in its folder. */
function descriptionPath(
  catalog: Catalog,
  { path }: CatalogItem,
  { hasOwnFolders }: { readonly hasOwnFolders: boolean },
): string {
  const own = `${dirname(path)}/description.md`;
  const shared = sidecarPath(path, ".description.md");
  if (catalog.sidecarMemory(shared) !== null) return shared;
  return hasOwnFolders || catalog.sidecarMemory(own) !== null ? own : shared;
}

/** States of a file that may still come, or is there. */
const EXPECTED: readonly ItemState[] = ["planned", "done", "deferred"];

/**
 * Whether a file without sidecars of its own is the one that describes its version: no model does, and it is the first.
 */
function standsForVersion(catalog: Catalog, item: CatalogItem): boolean {
  if (item.modelId === null) return false;
  const files = [...catalog.items({ modelId: item.modelId, kinds: ["file"], states: EXPECTED })]
    .filter((file) => file.versionId === item.versionId);
  const isDescribed = files.some((file) => hasSidecars((JSON.parse(file.source ?? "{}") as FileSource).type));
  return !isDescribed && files.find((file) => file.state === "done")?.key === item.key;
}

/** The first preview has no number in its name; its ending is known only when it has come. */
function firstPreview(catalog: Catalog, item: CatalogItem): CatalogItem | null {
  if (item.modelId === null) return null;
  for (const preview of catalog.items({ modelId: item.modelId, kinds: ["preview"], states: ["done"] })) {
    if (preview.versionId === item.versionId && /\.preview\.[a-z0-9]+$/.test(preview.path)) return preview;
  }
  return null;
}
