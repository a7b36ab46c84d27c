import { createHash } from "node:crypto";
import type { CatalogImage, Outcome, Sandbox } from "../../sandbox/mod.ts";

/** An item that the sandbox offers, as the sandbox knows it. */
export interface ExpectedItem {
  /** Key of its row in the catalog of a library. */
  readonly key: string;
  /** Kind of the item. */
  readonly kind: "file" | "preview" | "gallery" | "image";
  /** Id of its model; `null` for a posted image. */
  readonly modelId: number | null;
  /** What the sandbox calls the file or image in its exchanges. */
  readonly source: { readonly kind: "file" | "image"; readonly id: number };
  /** Exact size in bytes. */
  readonly sizeBytes: number;
  /** The SHA-256 of each content that it may have, in lower case. */
  readonly digests: readonly string[];
  /** Whether a download has to fail, for example because the file is gone. */
  readonly isPermanent: boolean;
  /** Names of the targets whose failure explains why a job did not plan it. */
  readonly targets: readonly string[];
  /** Endings of the files beside it. */
  readonly sidecars: readonly string[];
}

/** Types of files that programs do not load: their version is described, but they have no metadata of a model. */
const SIDE_TYPES: readonly string[] = ["Config", "Training Data", "Workflow", "Archive", "Other"];
const GETS_FILE: readonly Outcome[] = ["ok", "login"];

/**
 * List everything that jobs have to fetch from a sandbox: each version's only file, its showcase and community images,
 * and the images that its creators posted. The list is made from the sandbox's own catalog, not from its API.
 *
 * @param sandbox A running sandbox whose creators are downloaded completely
 * @returns The items
 */
export async function listExpectedItems(sandbox: Sandbox): Promise<readonly ExpectedItem[]> {
  const { catalog } = sandbox;
  const items: ExpectedItem[] = [];
  for (const creator of catalog.creators()) {
    const user = `user:${creator.username}`;
    for (const { id: modelId, versions } of catalog.modelsOf(creator)) {
      const targets = [user, `model:${modelId}`];
      for (const version of versions) {
        for (const file of version.files) {
          items.push({
            key: `file:${version.id}:${file.id}`,
            kind: "file",
            modelId,
            source: { kind: "file", id: file.id },
            sizeBytes: file.sizeBytes,
            digests: [(await sandbox.sha256Of(file.id)).toLowerCase()],
            isPermanent: !GETS_FILE.includes(file.outcome),
            targets,
            sidecars: SIDE_TYPES.includes(file.type) ? [".civitai.info"] : [".civitai.info", ".metadata.json", ".json"],
          });
        }
        for (const image of version.images) {
          items.push(
            imageOf(sandbox, image, { key: `preview:${version.id}:${image.id}`, kind: "preview", modelId, targets }),
          );
        }
        for (const image of catalog.galleryOf(version.id)) {
          const key = `gallery:${version.id}:${image.id}`;
          const gallery = [...targets, `version:${version.id}`, "galleries"];
          items.push(imageOf(sandbox, image, { key, kind: "gallery", modelId, targets: gallery }));
        }
      }
    }
    for (const image of catalog.gallery.ofCreator(creator.index)) {
      const targets = [user, `${user}/images`];
      items.push(imageOf(sandbox, image, { key: `image:${image.id}`, kind: "image", modelId: null, targets }));
    }
  }
  return items;
}

function imageOf(
  sandbox: Sandbox,
  { id, sizeBytes }: CatalogImage,
  place: Pick<ExpectedItem, "key" | "kind" | "modelId" | "targets">,
): ExpectedItem {
  const digests = sandbox.contentsOfImage(id).map((bytes) => createHash("sha256").update(bytes).digest("hex"));
  return { ...place, source: { kind: "image", id }, sizeBytes, digests, isPermanent: false, sidecars: [] };
}
