import { type Clock, KitError, systemClock } from "../../base/mod.ts";
import { galleryPictures, readRemovals } from "../../downloader/mod.ts";
import {
  type Catalog,
  type CatalogItem,
  goneError,
  type KnownLibraries,
  LibraryPresence,
  type ModelMark,
  TimeSlices,
} from "../../library/mod.ts";
import { stampOfCatalog } from "../../monitor/mod.ts";
import type { Cards } from "./cards.ts";
import { CatalogReader } from "./catalog_reader.ts";
import { type Facet, filterLibrary, type FilterName, type LibraryFilters } from "./library_filter.ts";
import { LibraryOrder, type LibrarySort } from "./library_order.ts";
import { type ColumnRow, ModelColumns, NO_COLUMNS } from "./model_columns.ts";
import { describeModel, foldText } from "./model_row.ts";
import { type OpenView, openView } from "./view_place.ts";
import type { MarkedRow, ViewStore } from "./view_store.ts";

/** Options of {@linkcode ViewIndex.open}. */
export interface ViewIndexOptions {
  /** The library's folder, absolute. */
  readonly root: string;
  /** What the user's commands remember of libraries; it tells that one is gone. */
  readonly known?: KnownLibraries | undefined;
  /**
   * Whether nothing is written into the library; the index is then made anew at each start.
   *
   * @default {false}
   */
  readonly isReadOnly?: boolean | undefined;
  /** Called with the new stamp after a change. */
  readonly onChange?: ((stamp: string) => void) | undefined;
  /** Called with a line for the log about an index that is made again, or cannot be kept. */
  readonly onNotice?: ((message: string) => void) | undefined;
  /**
   * The clock; tests replace it.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Which models, and in which order. */
export interface ViewQuery {
  /** Words that must all occur. */
  readonly text: string;
  readonly filters: LibraryFilters;
  readonly sort: LibrarySort;
}

/** How far an index is that is being made. */
export interface ViewProgress {
  readonly done: number;
  readonly total: number;
}

/** The models that match a query. */
export interface ViewAnswer {
  readonly stamp: string;
  readonly total: number;
  readonly count: number;
  readonly ids: number[];
  readonly cards: Cards;
  readonly facets: Readonly<Record<FilterName, Facet>>;
  readonly progress: ViewProgress | null;
}

/** Cards that come with an answer. */
const FIRST_CARDS = 60;
/** Longest work without a turn of the event loop, in milliseconds; one more step of some milliseconds may follow. */
const SLICE_MS = 5;
/** Models whose marks are read in one step: so many that it takes about half of a slice. */
const MARKS = { least: 25, first: 100, most: 1000 };
/** Interval of looks at the catalog, in milliseconds. */
const LOOK_MS = 1000;
/** A comparison takes at most a tenth of the time. */
const REST = 9;
/** How often the page sees what is new while the index is made, in milliseconds. */
const SHOW_MS = 1000;
/** Files are closed when nobody has used them for this time, in milliseconds. */
const IDLE_MS = 30_000;

/** An error of the index's file. */
class ViewError extends Error {
  override name = "ViewError";
}

/**
 * The models of a library as the page sees them: searched, filtered, counted and sorted within milliseconds. It is kept in
 * `.civitai-dl/view.db`, follows the catalog, and is made again when anything is wrong with it. The catalog is only read.
 */
export class ViewIndex implements AsyncDisposable {
  readonly #options: ViewIndexOptions;
  readonly #clock: Clock;
  readonly #presence: LibraryPresence;
  /** Reads the catalog, also for others. */
  readonly catalog: CatalogReader;
  #open: OpenView | null = null;
  #opening: Promise<OpenView> | null = null;
  #mustRenew = false;
  #usedAt = 0;
  #columns = NO_COLUMNS;
  #order: LibraryOrder | null = null;
  #stamp = "empty";
  /** Stamp of the catalog that the index is as new as; `undefined` before the first comparison. */
  #catalogStamp: string | null | undefined;
  #progress: ViewProgress | null = null;
  #problem: unknown = null;
  #everything: { readonly key: string; readonly answer: ViewAnswer } | null = null;
  #refreshing: Promise<boolean> | null = null;
  #isClosed = false;

  private constructor(options: ViewIndexOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#presence = new LibraryPresence(options.root, options.known);
    this.catalog = new CatalogReader(options.root, { clock: this.#clock });
  }

  /**
   * Open the index of a library, as it was left. {@linkcode ViewIndex.follow} compares it with the catalog.
   */
  static async open(options: ViewIndexOptions): Promise<ViewIndex> {
    const index = new ViewIndex(options);
    try {
      await index.#begin();
    } catch (error) {
      index.#problem = error;
    }
    return index;
  }

  /** Changes whenever the library does. */
  get stamp(): string {
    return this.#stamp;
  }

  /** How far the index is; `null` if it is whole. */
  get progress(): ViewProgress | null {
    return this.#progress;
  }

  /** Number of models. */
  get total(): number {
    return this.#columns.count;
  }

  /**
   * Find models.
   *
   * @throws {KitError} If the library cannot be read: it is gone, or its catalog is damaged or of another version
   */
  async query({ text, filters, sort }: ViewQuery): Promise<ViewAnswer> {
    this.#assertReadable();
    const words = [...new Set(foldText(text).split(/\s+/).filter((word) => word !== ""))];
    const isAll = words.length === 0 && Object.values(filters).every((values) => values.length === 0);
    const key = `${this.#stamp} ${sort} ${this.#progress?.done}`;
    if (isAll && this.#everything?.key === key) return this.#everything.answer;
    const answer = await this.#find({ words, filters, sort });
    // It may be that of an earlier state.
    if (isAll && this.#stamp === answer.stamp) this.#everything = { key, answer };
    return answer;
  }

  /** Find models in several steps, between which others get their turn, but of one state of the library. */
  async #find(
    { words, filters, sort }: Omit<ViewQuery, "text"> & { readonly words: readonly string[] },
  ): Promise<ViewAnswer> {
    const slices = new TimeSlices({ sliceMs: SLICE_MS });
    const { store } = await this.#opened(this.#columns.count);
    const columns = this.#columns;
    const state = { stamp: this.#stamp, total: columns.count, progress: this.#progress };
    const order = this.#order ??= new LibraryOrder(columns);
    const found = words.length === 0 ? null : columns.flagsOf(this.#read(store, () => store.search(words)));
    await slices.pause();
    const places = await order.places(sort, {
      idsByName: () => this.#read(store, () => store.idsByName()),
      creatorOf: (term) => store.terms.valueOf(term),
      slices,
    });
    await slices.pause();
    const { isLeft, count, facets } = filterLibrary(columns, filters, { terms: store.terms, found });
    await slices.pause();
    const ids: number[] = [];
    for (const place of places) if (isLeft[place] === 1) ids.push(columns.id[place]!);
    const cards = this.#read(store, () => store.cards(ids.slice(0, FIRST_CARDS)));
    return { ...state, count, ids, cards, facets };
  }

  /**
   * Return the cards of models in the given order, without those that are unknown.
   *
   * @throws {KitError} As {@linkcode ViewIndex.query}
   */
  async cards(ids: readonly number[]): Promise<Cards> {
    this.#assertReadable();
    return await this.#withStore((store) => store.cards(ids));
  }

  /** Find the model and the version whose card an image is on; `null` if it is on none. */
  async imageOwner(imageId: number): Promise<{ readonly modelId: number; readonly versionId: number } | null> {
    this.#assertReadable();
    return await this.#withStore((store) => store.imageOwner(imageId));
  }

  /**
   * Compare the index with the catalog if that has changed, and write what is new, in short steps. Never throws: what is
   * wrong with the library, the next query says.
   *
   * @returns Whether anything changed
   */
  refresh(): Promise<boolean> {
    return this.#refreshing ??= this.#refresh().finally(() => this.#refreshing = null);
  }

  /** Follow the catalog until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const start = this.#clock.monotonic();
      await this.refresh();
      this.#closeIdle();
      const waitMs = Math.max(LOOK_MS, REST * (this.#clock.monotonic() - start));
      await this.#clock.sleep(waitMs, { signal }).catch((error) => {
        if (!signal.aborted) throw error;
      });
    }
  }

  /** Close the files; a comparison that is under way ends at its next step. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#refreshing;
    await this.#opening?.catch(() => {});
    this.#close();
    this.catalog[Symbol.dispose]();
  }

  async #begin(): Promise<void> {
    await this.#look();
    if (await stampOfCatalog(this.#options.root) === null) return;
    await this.#withStore(() => {});
  }

  /** @throws {KitError} `unsafe` if the library is gone */
  async #look(): Promise<void> {
    const gone = await this.#presence.look(this.#clock.now());
    if (gone !== null) throw goneError(gone);
  }

  async #refresh(): Promise<boolean> {
    const before = this.#stamp;
    const problem = this.#problem;
    try {
      await this.#look();
      const stamp = await stampOfCatalog(this.#options.root);
      if (stamp === this.#catalogStamp && problem === null && !this.#mustRenew) return false;
      await this.#compare();
      this.#catalogStamp = stamp;
      this.#problem = null;
    } catch (error) {
      this.#fail(error);
    }
    const hasChanged = this.#stamp !== before || (this.#problem === null) !== (problem === null);
    if (hasChanged) this.#options.onChange?.(this.#stamp);
    return hasChanged;
  }

  #fail(error: unknown): void {
    if (error instanceof ViewError) {
      this.#catalogStamp = undefined;
      // A query has closed it, because another file is in its place now.
      if (/not open/i.test(error.message)) return;
      // The next comparison begins with a new file.
      this.#renew(error);
      return;
    }
    if (error instanceof KitError && error.code === "usage") {
      // There is no library yet: that is no problem, and nothing to show.
      this.#close();
      this.#show(NO_COLUMNS, "empty");
      this.#problem = null;
      return;
    }
    this.#close();
    this.#problem = error;
    this.#catalogStamp = undefined;
  }

  #renew(error: unknown): void {
    this.#options.onNotice?.(`Cannot use the index of the library: ${(error as Error).message}; it is made again`);
    this.#close();
    this.#mustRenew = true;
    this.#catalogStamp = undefined;
  }

  async #compare(): Promise<void> {
    await this.catalog.use(async (catalog) => {
      const { store } = await this.#opened(catalog.countModels());
      const comparison = new Comparison(catalog, store, this.#columns);
      await comparison.run({
        isClosed: () => this.#isClosed,
        onShow: (columns, progress) => {
          this.#progress = store.fact("complete") === null ? progress : null;
          if (columns === this.#columns) return;
          this.#show(columns, nextStamp(store));
          this.#options.onChange?.(this.#stamp);
        },
        total: catalog.countModels(),
        clock: this.#clock,
      });
      if (this.#isClosed) return;
      guard(() => store.setFact("complete", "1"));
      if (comparison.columns !== this.#columns) this.#show(comparison.columns, nextStamp(store));
      this.#progress = null;
    });
  }

  #show(columns: ModelColumns, stamp: string): void {
    this.#columns = columns;
    this.#stamp = stamp;
    this.#order = null;
    this.#everything = null;
  }

  #assertReadable(): void {
    if (this.#problem !== null) throw this.#problem;
  }

  async #withStore<T>(use: (store: ViewStore) => T): Promise<T> {
    const { store } = await this.#opened(this.#columns.count);
    return this.#read(store, () => use(store));
  }

  /** Read a store. If it fails, the index is made again, unless another file is in its place by now. */
  #read<T>(store: ViewStore, use: () => T): T {
    try {
      return guard(use);
    } catch (error) {
      if (!(error instanceof ViewError)) throw error;
      if (this.#open?.store === store) this.#renew(error);
      throw new KitError("inconclusive", "Cannot search the library: its index is being made again", {
        hint: "Try again in a moment",
        cause: error,
      });
    }
  }

  /** Open the index if it is not open, or if another file is in its place. */
  async #opened(models: number): Promise<OpenView> {
    this.#usedAt = this.#clock.monotonic();
    if (this.#opening !== null) return await this.#opening;
    if (this.#open !== null && this.#open.isInPlace()) return this.#open;
    return await (this.#opening = this.#reopen(models).finally(() => this.#opening = null));
  }

  async #reopen(models: number): Promise<OpenView> {
    this.#close();
    const { root, isReadOnly = false, onNotice = () => {} } = this.#options;
    const open = await openView(root, { models, isRenewed: this.#mustRenew, isReadOnly, onNotice });
    try {
      this.#mustRenew = false;
      const stamp = stampOf(open.store);
      if (stamp !== this.#stamp) this.#show(await readColumns(open.store), stamp);
      const isWhole = open.store.fact("complete") !== null;
      this.#progress = isWhole ? null : { done: this.#columns.count, total: models };
      // However new the last comparison was, it was that of another file.
      if (!isWhole) this.#catalogStamp = undefined;
      return this.#open = open;
    } catch (error) {
      open[Symbol.dispose]();
      if (!(error instanceof ViewError)) throw error;
      this.#renew(error);
      return await this.#reopen(models);
    }
  }

  #closeIdle(): void {
    this.catalog.closeIfIdle(IDLE_MS);
    if (this.#opening !== null || this.#open?.isTemporary === true) return;
    if (this.#clock.monotonic() - this.#usedAt >= IDLE_MS) this.#close();
  }

  #close(): void {
    this.#open?.[Symbol.dispose]();
    this.#open = null;
  }
}

function stampOf(store: ViewStore): string {
  return guard(() => `${store.fact("epoch")}-${store.fact("revision") ?? 0}`);
}

/** Count a change of the index, and return its stamp. */
function nextStamp(store: ViewStore): string {
  guard(() => store.setFact("revision", String(Number(store.fact("revision") ?? 0) + 1)));
  return stampOf(store);
}

/** Call SQLite; what it throws is about the index. */
function guard<T>(use: () => T): T {
  try {
    return use();
  } catch (cause) {
    if (cause instanceof KitError || cause instanceof ViewError) throw cause;
    throw new ViewError((cause as Error).message, { cause });
  }
}

async function readColumns(store: ViewStore): Promise<ModelColumns> {
  const parts: ModelColumns[] = [];
  const slices = new TimeSlices({ sliceMs: SLICE_MS });
  let last = 0;
  while (true) {
    const part = guard(() => store.columnsAfter(last));
    if (part === null) return parts.length === 0 ? NO_COLUMNS : ModelColumns.concat(parts);
    parts.push(part);
    last = part.id[part.count - 1]!;
    await slices.pause();
  }
}

/** Options of {@linkcode Comparison.run}. */
interface ComparisonOptions {
  readonly isClosed: () => boolean;
  /** Called every second or so with what there is until then. */
  readonly onShow: (columns: ModelColumns, progress: ViewProgress) => void;
  /** Number of models, roughly. */
  readonly total: number;
  readonly clock: Clock;
}

/** A model that differs from what the index has of it. */
interface ChangedModel {
  readonly id: number;
  readonly mark: number;
  /** Whether the index has it. */
  readonly isKnown: boolean;
}

/** One comparison of the index with the catalog, which writes what differs. */
class Comparison {
  readonly #catalog: Catalog;
  readonly #store: ViewStore;
  readonly #removed: ReadonlyMap<number, string>;
  #columns: ModelColumns;
  /** What the columns lack of the store. */
  #unseen: { rows: ColumnRow[]; removed: number[] } = { rows: [], removed: [] };
  #pending: MarkedRow[] = [];
  #gone: number[] = [];

  constructor(catalog: Catalog, store: ViewStore, columns: ModelColumns) {
    this.#catalog = catalog;
    this.#store = store;
    this.#columns = columns;
    this.#removed = readRemovals(catalog).models;
  }

  /** The columns with all that was written. */
  get columns(): ModelColumns {
    if (this.#unseen.rows.length + this.#unseen.removed.length > 0) {
      this.#columns = this.#columns.with(this.#unseen);
      this.#unseen = { rows: [], removed: [] };
    }
    return this.#columns;
  }

  async run({ isClosed, onShow, total, clock }: ComparisonOptions): Promise<void> {
    const slices = new TimeSlices({ sliceMs: SLICE_MS });
    let shownAt = clock.monotonic();
    let count = MARKS.first;
    let after = 0;
    let done = 0;
    while (!isClosed()) {
      const start = performance.now();
      const marks = this.#catalog.modelMarks(after, count);
      if (marks.length === 0) break;
      const last = marks.at(-1)!.id;
      const changed = this.#changedOf(marks, { after, last });
      count = nextCount(count, performance.now() - start);
      for (const model of changed) {
        this.#describe(model);
        if (!slices.isOver) continue;
        // A slice begins with the writing of what the one before has found.
        await slices.pause();
        if (isClosed()) return;
        this.#write();
      }
      done += marks.length;
      after = last;
      await slices.pause();
      if (clock.monotonic() - shownAt < SHOW_MS) continue;
      this.#write();
      onShow(this.columns, { done, total: Math.max(total, done) });
      shownAt = clock.monotonic();
    }
    await this.#removeAfter(after, { isClosed, slices });
    this.#write();
  }

  /** Remove the models behind the last one of the catalog. */
  async #removeAfter(
    after: number,
    { isClosed, slices }: { readonly isClosed: () => boolean; readonly slices: TimeSlices },
  ): Promise<void> {
    while (!isClosed()) {
      const known = guard(() => this.#store.marks({ after, last: Number.MAX_SAFE_INTEGER }));
      if (known.length === 0) return;
      this.#gone.push(...known.map(({ id }) => id));
      this.#write();
      await slices.pause();
    }
  }

  /** The models of a range that differ from those of the index; notes those that are gone. */
  #changedOf(
    marks: readonly ModelMark[],
    range: { readonly after: number; readonly last: number },
  ): readonly ChangedModel[] {
    const known = this.#knownOf(range);
    const changed: ChangedModel[] = [];
    for (const { id, mark } of marks) {
      // Whether it was removed on Civitai is no part of the mark.
      const whole = mark * 2 + Number(this.#removed.has(id));
      if (known.get(id) !== whole) changed.push({ id, mark: whole, isKnown: known.has(id) });
      known.delete(id);
    }
    for (const id of known.keys()) this.#gone.push(id);
    return changed;
  }

  #knownOf({ after, last }: { readonly after: number; readonly last: number }): Map<number, number> {
    const known = new Map<number, number>();
    let from = after;
    while (true) {
      const page = guard(() => this.#store.marks({ after: from, last }));
      for (const { id, mark } of page) known.set(id, mark);
      if (page.length === 0) return known;
      from = page.at(-1)!.id;
    }
  }

  #describe({ id, mark, isKnown }: ChangedModel): void {
    const items: readonly CatalogItem[] = [...this.#catalog.itemsOfModels([id]).values()];
    const row = describeModel({
      id,
      model: this.#catalog.model(id),
      versions: this.#catalog.versionsOf(id),
      items,
      isRemoved: this.#removed.has(id),
      readGallery: () => galleryPictures(this.#catalog, id),
    });
    if (row !== null) this.#pending.push({ row, mark });
    else if (isKnown) this.#gone.push(id);
  }

  #write(): void {
    if (this.#pending.length + this.#gone.length === 0) return;
    const { rows, removed } = guard(() => this.#store.write(this.#pending, this.#gone));
    this.#unseen.rows.push(...rows);
    this.#unseen.removed.push(...removed);
    this.#pending = [];
    this.#gone = [];
  }
}

/** The number of models to read next, after a step that took so long. */
function nextCount(count: number, tookMs: number): number {
  if (tookMs > SLICE_MS / 2) return Math.max(MARKS.least, Math.floor(count / 2));
  return tookMs < SLICE_MS / 8 ? Math.min(MARKS.most, count * 2) : count;
}
