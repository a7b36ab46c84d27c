import { createHash } from "node:crypto";
import type { CatalogImage, CatalogModel, Outcome, Sandbox } from "../sandbox/mod.ts";

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

/** Options of {@linkcode listExpectedItems}. */
export interface ListExpectedItemsOptions {
  /**
   * Only what these creators offer.
   *
   * @default {all creators}
   */
  readonly creators?: readonly string[] | undefined;
  /**
   * Only items of these kinds; hashing images takes longer than hashing small files.
   *
   * @default {all kinds}
   */
  readonly kinds?: readonly ExpectedItem["kind"][] | undefined;
}

/**
 * List everything that jobs have to fetch from a sandbox: each version's files, its showcase and community images, and
 * the images that its creators posted. The list is made from the sandbox's own catalog, not from its API.
 *
 * @param sandbox A running sandbox whose creators are downloaded completely
 * @returns The items
 */
export async function listExpectedItems(
  sandbox: Sandbox,
  options: ListExpectedItemsOptions = {},
): Promise<readonly ExpectedItem[]> {
  const { creators, kinds = ["file", "preview", "gallery", "image"] } = options;
  const { catalog } = sandbox;
  const items: ExpectedItem[] = [];
  for (const creator of catalog.creators()) {
    if (creators !== undefined && !creators.includes(creator.username)) continue;
    const user = `user:${creator.username}`;
    const offered = [
      ...[...catalog.modelsOf(creator)].flatMap((model) => itemsOfModel(sandbox, model, user)),
      ...Array.from(catalog.gallery.ofCreator(creator.index), (image) => {
        const targets = [user, `${user}/images`];
        return imageOf(sandbox, image, { key: `image:${image.id}`, kind: "image", modelId: null, targets });
      }),
    ];
    for (const { digestsOf, ...item } of offered) {
      if (kinds.includes(item.kind)) items.push({ ...item, digests: await digestsOf() });
    }
  }
  return items;
}

/** An item whose bytes are hashed only if it is listed. */
interface OfferedItem extends Omit<ExpectedItem, "digests"> {
  readonly digestsOf: () => Promise<readonly string[]>;
}

function itemsOfModel(sandbox: Sandbox, { id: modelId, versions }: CatalogModel, user: string): readonly OfferedItem[] {
  const targets = [user, `model:${modelId}`];
  return versions.flatMap((version) => [
    ...version.files.map((file): OfferedItem => ({
      key: `file:${version.id}:${file.id}`,
      kind: "file",
      modelId,
      source: { kind: "file", id: file.id },
      sizeBytes: file.sizeBytes,
      digestsOf: async () => [(await sandbox.sha256Of(file.id)).toLowerCase()],
      isPermanent: !GETS_FILE.includes(file.outcome),
      targets,
      sidecars: SIDE_TYPES.includes(file.type) ? [".civitai.info"] : [".civitai.info", ".metadata.json", ".json"],
    })),
    ...version.images.map((image) =>
      imageOf(sandbox, image, { key: `preview:${version.id}:${image.id}`, kind: "preview", modelId, targets })
    ),
    ...Array.from(sandbox.catalog.galleryOf(version.id), (image) => {
      const key = `gallery:${version.id}:${image.id}`;
      const gallery = [...targets, `version:${version.id}`, "galleries"];
      return imageOf(sandbox, image, { key, kind: "gallery", modelId, targets: gallery });
    }),
  ]);
}

function imageOf(
  sandbox: Sandbox,
  { id, sizeBytes }: CatalogImage,
  place: Pick<ExpectedItem, "key" | "kind" | "modelId" | "targets">,
): OfferedItem {
  const digestsOf = () =>
    Promise.resolve(sandbox.contentsOfImage(id).map((bytes) => createHash("sha256").update(bytes).digest("hex")));
  return { ...place, source: { kind: "image", id }, sizeBytes, digestsOf, isPermanent: false, sidecars: [] };
}
