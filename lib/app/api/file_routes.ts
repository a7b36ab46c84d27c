import { isRecord, KitError } from "../../base/mod.ts";
import { parseVersion } from "../../civitai/mod.ts";
import { findFlagReason, findRecordedFlag, isFlaggedPath } from "../../downloader/mod.ts";
import type { Catalog, CatalogItem } from "../../library/mod.ts";
import { defineRoute, type Route, type RouteAnswer, type RouteInput } from "../http/route.ts";
import { notFound, RouteError } from "../http/route_error.ts";
import { answerFile } from "../pictures/answer_file.ts";
import { FOREVER } from "../pictures/answer_picture.ts";
import { attachmentNamed } from "../pictures/content_disposition.ts";
import { findItemFile, type ItemFile } from "../pictures/item_file.ts";
import type { StreamSlots } from "../pictures/stream_slots.ts";

/** The catalog, as far as the files need it. */
type FileCatalog = Pick<Catalog, "items" | "item" | "note" | "version" | "model">;

/** Options of {@linkcode fileRoutes}. */
export interface FileRoutesOptions {
  /** The library. */
  readonly root: string;
  readonly catalog: () => FileCatalog;
  readonly slots: StreamSlots;
}

/** Number of hashes of which the items are remembered: a client with several connections asks for one many times. */
const MAX_REMEMBERED = 1000;
/** For how long they are remembered, in milliseconds: a scan or a download may add another item with the hash. */
const REMEMBER_MS = 10_000;

/** The items that had a hash when the catalog was searched. */
interface Remembered {
  readonly keys: readonly string[];
  readonly searchedAt: number;
}

/** Define the route of files by their SHA-256. */
export function fileRoutes({ root, catalog, slots }: FileRoutesOptions): readonly Route[] {
  const remembered = new Map<string, Remembered>();
  return [
    defineRoute({
      method: "GET",
      path: "/files/{sha256}",
      summary: "A file of the library by its SHA-256: whole or a range, with the hash as ETag",
      answer: null,
      async handle({ params, header, signal }: RouteInput<unknown, unknown>): Promise<RouteAnswer> {
        const sha256 = (params["sha256"] ?? "").toLowerCase();
        const { item, file } = await findServable(root, sha256, { catalog: catalog(), remembered });
        return answerFile(file, {
          etag: `"${sha256}"`,
          headers: {
            "content-type": "application/octet-stream",
            "content-disposition": attachmentNamed(item.path.slice(item.path.lastIndexOf("/") + 1)),
            "cache-control": FOREVER,
          },
          slots,
          header,
          signal,
        });
      },
    }),
  ];
}

interface Search {
  readonly catalog: FileCatalog;
  readonly remembered: Map<string, Remembered>;
}

interface Servable {
  readonly item: CatalogItem;
  readonly file: ItemFile;
}

/** Find the first item with a hash whose file is as it was verified. */
async function findServable(root: string, sha256: string, search: Search): Promise<Servable> {
  if (!/^[\da-f]{64}$/.test(sha256)) throw notFound("Cannot find a file: this is no SHA-256");
  const known = recallItems(sha256, search);
  const items = known.length > 0 ? known : searchItems(sha256, search);
  assertHarmless(items, search.catalog);
  let first: KitError | undefined;
  for (const item of items) {
    try {
      return { item, file: await findItemFile(root, item) };
    } catch (error) {
      // A copy of it may be as it was, also one that is new.
      if (!(error instanceof KitError)) throw error;
      first ??= error;
    }
  }
  if (known.length === 0 || !search.remembered.delete(sha256)) throw first;
  return await findServable(root, sha256, search);
}

function recallItems(sha256: string, { catalog, remembered }: Search): readonly CatalogItem[] {
  const known = remembered.get(sha256);
  if (known === undefined || performance.now() - known.searchedAt > REMEMBER_MS) return [];
  return known.keys.map((key) => catalog.item(key))
    .filter((item) => item !== null && item.state === "done" && item.sha256 === sha256)
    .filter((item) => item !== null);
}

function searchItems(sha256: string, { catalog, remembered }: Search): readonly CatalogItem[] {
  const items = [...catalog.items({ sha256, states: ["done"] })];
  if (items.length === 0) throw notFound("Cannot find a file with this SHA-256 in the library");
  remembered.delete(sha256);
  if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
  remembered.set(sha256, { keys: items.map(({ key }) => key), searchedAt: performance.now() });
  return items;
}

/** Refuse a content that is in quarantine, or flagged by this program or by Civitai, wherever else it is. */
function assertHarmless(items: readonly CatalogItem[], catalog: FileCatalog): void {
  const isDangerous = (item: CatalogItem): boolean =>
    isFlaggedPath(item.path) || findRecordedFlag(catalog, item) !== null || isFlaggedByCivitai(item, catalog);
  if (!items.some(isDangerous)) return;
  throw new RouteError("forbidden", "Cannot serve this file: it is flagged as dangerous", {
    hint: "Whoever trusts it can take it from the folder of the library",
  });
}

function isFlaggedByCivitai({ kind, modelId, versionId, fileId }: CatalogItem, catalog: FileCatalog): boolean {
  const version = kind !== "file" || versionId === null ? null : catalog.version(versionId);
  if (version === null) return false;
  try {
    const type = modelId === null ? undefined : catalog.model(modelId)?.type;
    const { raw } = isRecord(version.json) ? version.json : {};
    const { files } = parseVersion(raw, { modelId: version.modelId, type });
    return files.some((file) => file.id === fileId && findFlagReason(file) !== null);
  } catch (error) {
    // What the catalog has of it is from another time, or damaged: it says nothing about the file.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
