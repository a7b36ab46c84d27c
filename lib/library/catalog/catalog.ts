import { systemClock } from "../../base/mod.ts";
import type { AnswerStore } from "./answer_store.ts";
import { AnswerTable } from "./_answer_table.ts";
import type { Database } from "./_database.ts";
import { toItem, toWhere } from "./_item_rows.ts";
import * as items from "./_item_table.ts";
import { namedItems, namedTotals } from "./_named_items.ts";
import { openDatabase } from "./_open_database.ts";
import * as records from "./_record_tables.ts";
import { putSidecarRow, sidecarRow } from "./_sidecar_table.ts";
import { FOLDED } from "./_stored_fold.ts";
import type {
  CatalogItem,
  DoneFacts,
  ItemFacts,
  ItemFilter,
  ItemTotals,
  MarkFacts,
  NamedFilter,
  NamedItem,
  PlannedItem,
} from "./catalog_item.ts";
import type {
  ListingFacts,
  ListingRecord,
  ModelFacts,
  ModelRecord,
  RunFacts,
  RunRecord,
  VersionFacts,
  VersionRecord,
} from "./catalog_records.ts";
import { foldPath } from "../naming/fold_path.ts";
import type { SidecarMemory } from "../sidecars/merge_sidecar.ts";

/** Options of {@linkcode openCatalog}. */
export interface OpenCatalogOptions {
  /**
   * Only read; the file must exist.
   *
   * @default {false}
   */
  readonly readOnly?: boolean | undefined;
  /**
   * Check every page first, which takes seconds for a large catalog. A file that is shorter than it says is checked anyway.
   *
   * @default {false}
   */
  readonly check?: boolean | undefined;
  /** Called before a catalog of an older version is written anew, which takes about a minute for 100 000 files. */
  readonly onUpgrade?: (() => void) | undefined;
  /**
   * Stamps the rows.
   *
   * @default {systemClock}
   */
  readonly clock?: { now(): number } | undefined;
  /**
   * Most bytes of kept answers, packed.
   *
   * @default {67108864}
   */
  readonly maxAnswerBytes?: number | undefined;
}

/**
 * What the library has and what it is to have, in one SQLite file. Made by {@linkcode openCatalog}; dispose it to close.
 *
 * A killed process loses nothing that a method has returned from. A power cut can lose the last moments (WAL,
 * `synchronous=NORMAL`) but never damages the file, and since a file is flushed and renamed before its row says `done`,
 * the worst is that the next run hashes that file once to find it complete. {@linkcode Catalog.endRun} flushes.
 */
export class Catalog implements Disposable {
  readonly #db: Database;
  readonly #clock: { now(): number };
  /** The API's answers with their validators; they can be lost without harm. */
  readonly answers: AnswerStore;

  /**
   * Open the file; see {@linkcode openCatalog}.
   *
   * @param path The file
   * @param options How
   */
  constructor(path: string, options: OpenCatalogOptions = {}) {
    const { readOnly = false, check = false, onUpgrade, clock = systemClock } = options;
    const { maxAnswerBytes = 64 * 1024 ** 2 } = options;
    this.#db = openDatabase(path, { readOnly, check, onUpgrade });
    this.#clock = clock;
    this.answers = new AnswerTable(this.#db, { maxBytes: maxAnswerBytes, clock });
  }

  /** The file. */
  get path(): string {
    return this.#db.path;
  }

  /**
   * Do all of `fn` or nothing; inside another transaction, a savepoint.
   *
   * @param fn Synchronous work on the catalog
   * @returns What `fn` returns
   */
  transaction<T>(fn: () => T): T {
    return this.#db.transaction(fn);
  }

  /** Keep a model; content that did not change is not written again. */
  putModel(id: number, facts: ModelFacts): void {
    records.putModelRow(this.#db, id, facts, this.#clock.now());
  }

  /** A model, or `null`. */
  model(id: number): ModelRecord | null {
    return records.modelRow(this.#db, id);
  }

  /** Keep a version; content that did not change is not written again. */
  putVersion(id: number, facts: VersionFacts): void {
    records.putVersionRow(this.#db, id, facts, this.#clock.now());
  }

  /** A version, or `null`. */
  version(id: number): VersionRecord | null {
    return records.versionRow(this.#db, id);
  }

  /** The versions of a model that are known, the newest id first. */
  versionsOf(modelId: number): readonly VersionRecord[] {
    return records.versionRows(this.#db, modelId);
  }

  /** How many versions of these models the catalog knows. */
  countVersions(modelIds: readonly number[]): number {
    const sql = "SELECT count(*) AS count FROM versions WHERE model_id IN (SELECT value FROM json_each(?))";
    return this.#db.get(sql, JSON.stringify(modelIds))!.count as number;
  }

  /**
   * Plan an item, new or known; see {@linkcode Catalog.replan} for what becomes of a known one.
   *
   * @param item What to have; its path must be free (see {@linkcode Catalog.itemByPath} and {@linkcode disambiguate})
   * @param runId From {@linkcode Catalog.startRun}
   * @returns The row as it is now
   * @throws {KitError} `failed` if the path belongs to another item
   */
  plan(item: PlannedItem, runId: number): CatalogItem {
    return items.planItem(this.#db, item, runId);
  }

  /**
   * Plan an item that is known: it keeps its path, and stays done if it is. It is planned again in any other state, and
   * when the content that is expected is another than before.
   *
   * @param item What to have
   * @param runId From {@linkcode Catalog.startRun}
   * @returns The row as it is now; `null`, and nothing done, if the key is new
   */
  replan(item: ItemFacts, runId: number): CatalogItem | null {
    return items.replanItem(this.#db, item, runId);
  }

  /** An item by key, or `null`. */
  item(key: string): CatalogItem | null {
    const row = this.#db.get("SELECT * FROM items WHERE key = ?", key);
    return row === undefined ? null : toItem(row);
  }

  /** The item that has this path, or one that some system takes for the same; `null` if the path is free. */
  itemByPath(path: string): CatalogItem | null {
    const row = this.#db.get(`SELECT * FROM items WHERE ${FOLDED} = ?`, foldPath(path));
    return row === undefined ? null : toItem(row);
  }

  /**
   * Find the paths that no item has, nor one that some system takes for the same.
   *
   * @param paths Relative paths; some hundreds at a time cost a fifth of one after another
   * @returns Those of them, in their order
   */
  unknownPaths(paths: readonly string[]): readonly string[] {
    return items.unknownPaths(this.#db, paths);
  }

  /**
   * The versions that have items in a folder, or in folders below it.
   *
   * @param folder Relative path; those that some system takes for the same count too
   * @returns Their ids
   */
  versionsIn(folder: string): readonly number[] {
    return items.versionsIn(this.#db, folder);
  }

  /**
   * The posted images in a folder and in folders below it, in the order in which they were planned.
   *
   * @param folder Relative path; those that some system takes for the same count too
   * @param options How many at most; all without it
   * @returns The items
   */
  imagesIn(folder: string, options: { readonly limit?: number } = {}): readonly CatalogItem[] {
    return items.imagesIn(this.#db, folder, options.limit ?? -1);
  }

  /**
   * The files whose sidecars would have the names of this file's, on some system at least.
   *
   * @param path Relative path of a file, which need not be an item
   * @returns The files, this one included
   */
  filesOfStem(path: string): readonly CatalogItem[] {
    return items.filesOfStem(this.#db, path);
  }

  /**
   * Go through items in the order in which they were first planned, a page at a time: memory stays flat, and rows may be
   * changed meanwhile. A row behind the current one is not met again.
   *
   * @param filter Which; all without one
   * @returns The items
   */
  items(filter: ItemFilter = {}): Generator<CatalogItem> {
    return items.pageItems(this.#db, filter);
  }

  /**
   * Name items, the largest first and those of unknown size last.
   *
   * @param filter Which
   * @returns What {@linkcode Catalog.itemById} takes; eight bytes an item
   */
  idsBySize(filter: ItemFilter): Float64Array {
    return items.idsBySize(this.#db, filter);
  }

  /** An item by what {@linkcode Catalog.idsBySize} gave, or `null`. */
  itemById(id: number): CatalogItem | null {
    const row = this.#db.get("SELECT * FROM items WHERE id = ?", id);
    return row === undefined ? null : toItem(row);
  }

  /**
   * Count and add up items.
   *
   * @param filter Which; all without one
   * @returns Sums in all and by state
   */
  totals(filter: ItemFilter = {}): ItemTotals {
    return items.totalItems(this.#db, toWhere(filter));
  }

  /**
   * Go through items with the names of their models and versions, in the order in which they were first planned, a page
   * at a time. Words of at least three characters are found by an index.
   *
   * @param filter Which; all without one
   * @returns The items
   */
  namedItems(filter: NamedFilter = {}): Generator<NamedItem> {
    return namedItems(this.#db, filter);
  }

  /** The same as {@linkcode Catalog.totals}, of {@linkcode Catalog.namedItems}. */
  namedTotals(filter: NamedFilter = {}): ItemTotals {
    return namedTotals(this.#db, filter);
  }

  /** Say that an item has reached its final name, verified. */
  markDone(key: string, facts: DoneFacts): void {
    this.#db.transaction(() => items.markItemDone(this.#db, key, facts, this.#clock.now()));
  }

  /** Say any other end of an item, or that it waits. */
  mark(key: string, facts: MarkFacts): void {
    items.markItem(this.#db, key, facts);
  }

  /** Remember what an item's sidecars were made of (see {@linkcode contentDigest}). */
  setSidecarDigest(key: string, digest: string | null): void {
    items.requireOne(key, this.#db.run("UPDATE items SET sidecar_digest = ? WHERE key = ?", digest, key).changes);
  }

  /** CRC-32 of each 16 MiB of a done file, or `null`. */
  blocks(key: string): Uint32Array | null {
    return items.itemBlocks(this.#db, key);
  }

  /**
   * Say that an item is somewhere else now.
   *
   * @param key The item
   * @param path Relative path
   * @throws {KitError} `failed` if the path belongs to another item
   */
  setPath(key: string, path: string): void {
    this.#db.transaction(() => items.setItemPath(this.#db, key, path));
  }

  /** Forget an item; whether there was one. */
  remove(key: string): boolean {
    return this.#db.transaction(() => items.removeItem(this.#db, key));
  }

  /** Begin a run; returns its number. */
  startRun(facts: RunFacts): number {
    return records.startRunRow(this.#db, facts, this.#clock.now());
  }

  /** End a run with its summary, any JSON value, and flush the catalog to disk. */
  endRun(runId: number, summary: unknown): void {
    records.endRunRow(this.#db, runId, summary, this.#clock.now());
    this.#db.checkpoint();
  }

  /** The last runs, the newest first. */
  lastRuns(count: number): readonly RunRecord[] {
    return records.runRows(this.#db, count);
  }

  /** Remember how far a listing was read. */
  saveListing(key: string, facts: ListingFacts): void {
    records.putListingRow(this.#db, key, facts, this.#clock.now());
  }

  /** How far a listing was read, or `null`. */
  listing(key: string): ListingRecord | null {
    return records.listingRow(this.#db, key);
  }

  /** Remember what was written into a sidecar: {@linkcode SidecarMerge.memory}. */
  rememberSidecar(path: string, memory: SidecarMemory): void {
    this.#db.transaction(() => putSidecarRow(this.#db, path, memory));
  }

  /** What was written into the sidecar at a path, relative to the library; `null` if nothing was. */
  sidecarMemory(path: string): SidecarMemory | null {
    return sidecarRow(this.#db, path);
  }

  /** Keep a small text under a name; `null` forgets it. */
  remember(name: string, value: string | null): void {
    if (value === null) this.#db.run("DELETE FROM notes WHERE name = ?", name);
    else this.#db.run("INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)", name, value);
  }

  /** The text kept under a name, or `null`. */
  recall(name: string): string | null {
    return (this.#db.get("SELECT value FROM notes WHERE name = ?", name)?.value as string | undefined) ?? null;
  }

  /** The notes whose names begin with a text, by name. */
  notes(prefix: string): readonly { readonly name: string; readonly value: string }[] {
    return records.noteRows(this.#db, prefix);
  }

  /** Close the file. */
  [Symbol.dispose](): void {
    this.#db[Symbol.dispose]();
  }
}
