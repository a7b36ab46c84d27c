import { dirname, join } from "node:path";
import type { Model, ModelVersion } from "../civitai/mod.ts";
import {
  a1111Json,
  type Catalog,
  type CatalogItem,
  civitaiInfo,
  contentDigest,
  descriptionMarkdown,
  type JsonObject,
  metadataJson,
  parseSidecarMemory,
  sidecarPath,
  writeSidecar,
} from "../library/mod.ts";
import { sidecarFacts } from "./naming.ts";
import { type FileSource, hasSidecars } from "./plan_model.ts";

/** Options of {@linkcode writeItemSidecars}. */
export interface WriteItemSidecarsOptions {
  /** Whether the version has a folder of its own, so that `description.md` is its. */
  readonly hasOwnFolder: boolean;
  /** Called for a sidecar that was left as somebody else made it. */
  readonly onKept?: ((path: string, reason: string) => void) | undefined;
}

/**
 * Write what stands beside a model file: `.civitai.info`, `.metadata.json`, `.json` and the description. What the
 * user or another tool wrote there is kept.
 *
 * @param library Root and catalog
 * @param item A model file that is done
 * @param options Layout
 */
export async function writeItemSidecars(
  library: { readonly root: string; readonly catalog: Catalog },
  item: CatalogItem,
  options: WriteItemSidecarsOptions,
): Promise<void> {
  const { root, catalog } = library;
  const { hasOwnFolder, onKept = () => {} } = options;
  const source: FileSource = JSON.parse(item.source ?? "{}");
  if (!hasSidecars(source.type)) return;
  const version = item.versionId === null ? null : catalog.version(item.versionId);
  const model = item.modelId === null ? null : catalog.model(item.modelId);
  if (version === null || model === null) return;
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
  const description = hasOwnFolder ? `${dirname(item.path)}/description.md` : sidecarPath(item.path, ".description.md");
  const contents: [path: string, content: JsonObject | string][] = [
    [sidecarPath(item.path, ".civitai.info"), civitaiInfo(facts)],
    [sidecarPath(item.path, ".metadata.json"), metadataJson(facts, file)],
    [sidecarPath(item.path, ".json"), a1111Json(facts)],
    [description, await descriptionMarkdown(facts)],
  ];
  for (const [path, content] of contents) {
    const memory = `sidecar:${path}`;
    const merge = await writeSidecar(join(root, path), content, {
      previous: parseSidecarMemory(catalog.recall(memory)),
    });
    if (merge.status === "kept") onKept(path, merge.reason ?? "somebody else wrote it");
    catalog.remember(memory, JSON.stringify(merge.memory));
  }
  catalog.setSidecarDigest(item.key, contentDigest(facts, { ignore: ["stats"] }));
}

/** The first preview has no number in its name; its ending is known only when it has come. */
function firstPreview(catalog: Catalog, item: CatalogItem): CatalogItem | null {
  if (item.modelId === null) return null;
  for (const preview of catalog.items({ modelId: item.modelId, kinds: ["preview"], states: ["done"] })) {
    if (preview.versionId === item.versionId && /\.preview\.[a-z0-9]+$/.test(preview.path)) return preview;
  }
  return null;
}
