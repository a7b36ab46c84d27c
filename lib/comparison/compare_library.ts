import { createHash } from "node:crypto";
import { exists } from "@std/fs";
import { join } from "node:path";
import { catalogFile, type CatalogItem, openCatalog } from "../library/mod.ts";
import type { ExpectedItem } from "./expected_items.ts";

/** The rows of a library's catalog, by key. */
export type LibraryRows = ReadonlyMap<string, CatalogItem>;

/** What a library has of an item that the sandbox offers. */
export interface ComparedItem {
  /** The item. */
  readonly item: ExpectedItem;
  /** Its row; `null` if it was never planned. */
  readonly row: CatalogItem | null;
  /** What is wrong with it; `null` if it is done, and its file has the bytes of its source. */
  readonly problem: string | null;
}

/** Options of {@linkcode compareLibrary}. */
export interface CompareLibraryOptions {
  /**
   * The rows of the library, if they have been read already.
   *
   * @default {read from its catalog}
   */
  readonly rows?: LibraryRows | undefined;
  /** Stops the comparison. */
  readonly signal?: AbortSignal | undefined;
}

const CHUNK_BYTES = 1 << 18;

/**
 * Compare a library with what the sandbox offers: the SHA-256 of every file that the catalog has as done, by the bytes
 * on disk. The catalog is only read.
 *
 * @param folder The library
 * @param expected What it should have
 * @returns What it has of each item, in the same order
 * @throws The signal's reason
 */
export async function compareLibrary(
  folder: string,
  expected: readonly ExpectedItem[],
  options: CompareLibraryOptions = {},
): Promise<readonly ComparedItem[]> {
  const { rows = await readRows(folder), signal } = options;
  const compared: ComparedItem[] = [];
  for (const item of expected) {
    signal?.throwIfAborted();
    const row = rows.get(item.key) ?? null;
    compared.push({ item, row, problem: await problemOf(folder, item, row) });
  }
  return compared;
}

/** Read the rows of a library; there are none before its first job, or if that ended at once. */
export async function readRows(folder: string): Promise<LibraryRows> {
  const path = catalogFile(folder);
  if (!await exists(path)) return new Map();
  using catalog = openCatalog(path, { readOnly: true });
  return new Map(Array.from(catalog.items(), (item) => [item.key, item]));
}

async function problemOf(
  folder: string,
  { key, digests }: ExpectedItem,
  row: CatalogItem | null,
): Promise<string | null> {
  if (row === null) return `${key}: not planned`;
  const { path, state, reason } = row;
  if (state !== "done") return `${path}: ${state}, ${reason ?? "no reason"}`;
  const found = await sha256Of(join(folder, path));
  if (found === null) return `${path}: there is no such file`;
  return digests.includes(found) ? null : `${path}: SHA-256 is ${found}, expected ${digests.join(" or ")}`;
}

/** Hash a file without the code of the product, which is what is tested; `null` if the file does not exist. */
async function sha256Of(path: string): Promise<string | null> {
  try {
    using file = await Deno.open(path);
    const hash = createHash("sha256");
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (let count; (count = await file.read(buffer)) !== null;) hash.update(buffer.subarray(0, count));
    return hash.digest("hex");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
