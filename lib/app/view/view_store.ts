import { Database, type ModelMark, type Row } from "../../library/mod.ts";
import type { Cards } from "./cards.ts";
import { foldText, MODEL_STATES, type ModelRow } from "./model_row.ts";
import { type ColumnRows, ModelColumns } from "./model_columns.ts";
import { Terms } from "./terms.ts";

/** Form of the file; one of another form is made anew. */
export const VIEW_VERSION = 2;

const SCHEMA = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE terms (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE models (
    id INTEGER PRIMARY KEY, mark INTEGER NOT NULL,
    type INTEGER NOT NULL, creator INTEGER NOT NULL, level INTEGER NOT NULL, state INTEGER NOT NULL,
    bytes INTEGER NOT NULL, added INTEGER NOT NULL, updated INTEGER NOT NULL,
    bases TEXT NOT NULL, tags TEXT NOT NULL, roots TEXT NOT NULL,
    name TEXT NOT NULL, sort_name TEXT NOT NULL, base INTEGER NOT NULL, version TEXT NOT NULL,
    versions INTEGER NOT NULL, files INTEGER NOT NULL,
    preview INTEGER, preview_version INTEGER, preview_level INTEGER, hash TEXT, removed INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX models_sort_name ON models(sort_name);
  CREATE INDEX models_preview ON models(preview) WHERE preview IS NOT NULL;
  CREATE VIRTUAL TABLE search USING fts5(text, content = '', contentless_delete = 1, tokenize = 'trigram');
  PRAGMA user_version = ${VIEW_VERSION};
`;

/** Rows of a reading; one takes less than ten milliseconds. */
const PAGE_ROWS = 2000;

/** A row with the mark of what it was made from. */
export interface MarkedRow {
  readonly row: ModelRow;
  readonly mark: number;
}

/**
 * The index of models in a file of SQLite. All of it can be made again from the catalog: whatever is wrong with it, it is
 * deleted. Every method is one short piece of work.
 */
export class ViewStore implements Disposable {
  readonly #db: Database;
  readonly #terms: Terms;

  /**
   * Open the file, and make its tables if it is new.
   *
   * @param path The file, or `:memory:`
   * @throws {Error} If it is damaged, or has another form
   */
  constructor(path: string) {
    this.#db = new Database(path, { readOnly: false });
    try {
      this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY");
      this.#db.exec("PRAGMA cache_size = -4000");
      const version = this.#db.version();
      if (version === 0) this.#db.transaction(() => this.#db.exec(SCHEMA));
      else if (version !== VIEW_VERSION) throw new Error(`the index has version ${version}, not ${VIEW_VERSION}`);
      this.#terms = new Terms(this.#db.all("SELECT id, value FROM terms").map(toTerm));
    } catch (error) {
      this.#db[Symbol.dispose]();
      throw error;
    }
  }

  /** Return a fact about the index; `null` if it is unknown. */
  fact(name: string): string | null {
    return this.#db.get("SELECT value FROM facts WHERE name = ?", name)?.value as string | undefined ?? null;
  }

  /** Record a fact about the index. */
  setFact(name: string, value: string): void {
    this.#db.run("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", name, value);
  }

  /** List the marks of a range of models, by id; at most a thousand. */
  marks(range: { readonly after: number; readonly last: number }): readonly ModelMark[] {
    const rows = this.#db.all(
      "SELECT id, mark FROM models WHERE id > ? AND id <= ? ORDER BY id LIMIT 1000",
      range.after,
      range.last,
    );
    return rows.map(({ id, mark }) => ({ id: id as number, mark: mark as number }));
  }

  /** Add or replace rows, and remove models, in one transaction. Return the columns of the rows, by id. */
  write(rows: readonly MarkedRow[], removed: readonly number[]): ColumnRows {
    return this.#db.transaction(() => {
      for (const { row, mark } of rows) this.#put(row, mark);
      for (const id of removed) {
        this.#db.run("DELETE FROM models WHERE id = ?", id);
        this.#db.run("DELETE FROM search WHERE rowid = ?", id);
      }
      return { rows: rows.map(({ row }) => this.#toColumns(row)).sort((a, b) => a.id - b.id), removed };
    });
  }

  #put(row: ModelRow, mark: number): void {
    const { id, preview } = row;
    const idsOf = (values: readonly string[]): string => values.map((value) => this.#term(value)).join();
    this.#db.run(
      `INSERT OR REPLACE INTO models (id, mark, type, creator, level, state, bytes, added, updated, bases, tags, roots,
         name, sort_name, base, version, versions, files, preview, preview_version, preview_level, hash, removed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, mark, this.#term(row.type), row.creator === null ? 0 : this.#term(row.creator), row.level],
      ...[MODEL_STATES.indexOf(row.state), row.bytes, row.added, row.updated],
      ...[idsOf(row.bases), idsOf(row.tags), idsOf(row.roots), row.name, foldText(row.name), this.#term(row.base)],
      ...[row.version, row.versions, row.files, preview?.imageId ?? null, preview?.versionId ?? null],
      ...[preview?.level ?? null, preview?.hash ?? null, row.isRemoved ? 1 : 0],
    );
    this.#db.run("INSERT OR REPLACE INTO search (rowid, text) VALUES (?, ?)", id, row.text);
  }

  #toColumns(row: ModelRow): ColumnRows["rows"][number] {
    const idsOf = (values: readonly string[]): readonly number[] => values.map((value) => this.#term(value));
    return {
      id: row.id,
      type: this.#term(row.type),
      creator: row.creator === null ? 0 : this.#term(row.creator),
      level: row.level,
      state: MODEL_STATES.indexOf(row.state),
      bytes: row.bytes,
      added: row.added,
      updated: row.updated,
      bases: idsOf(row.bases),
      tags: idsOf(row.tags),
      roots: idsOf(row.roots),
    };
  }

  #term(value: string): number {
    const known = this.#terms.idOf(value);
    if (known !== undefined) return known;
    const id = this.#db.run("INSERT INTO terms (value) VALUES (?)", value).lastId;
    this.#terms.add(id, value);
    return id;
  }

  /** The words that columns refer to. */
  get terms(): Terms {
    return this.#terms;
  }

  /**
   * Read the columns of a page of models, in the order of their ids.
   *
   * @param after Id of the last model that is read already; 0 for the first
   * @returns The columns; `null` if there are no more
   */
  columnsAfter(after: number): ModelColumns | null {
    // One text for each column: many small values take five times as long.
    const row = this.#db.get(
      `SELECT count(*) AS count, ${
        ["id", "type", "creator", "level", "state", "bytes", "added", "updated"].map(listOf)
      },
         group_concat('[' || bases || ']') AS bases, group_concat('[' || tags || ']') AS tags,
         group_concat('[' || roots || ']') AS roots
       FROM (SELECT * FROM models WHERE id > ? ORDER BY id LIMIT ${PAGE_ROWS})`,
      after,
    )!;
    if (row.count === 0) return null;
    const numbers = (name: string): readonly number[] => JSON.parse(`[${row[name]}]`);
    const lists = (name: string): readonly (readonly number[])[] => JSON.parse(`[${row[name]}]`);
    return ModelColumns.of({
      id: numbers("id"),
      type: numbers("type"),
      creator: numbers("creator"),
      level: numbers("level"),
      state: numbers("state"),
      bytes: numbers("bytes"),
      added: numbers("added"),
      updated: numbers("updated"),
      bases: lists("bases"),
      tags: lists("tags"),
      roots: lists("roots"),
    });
  }

  /** List all ids in the order of the names. */
  idsByName(): readonly number[] {
    const row = this.#db.get("SELECT group_concat(id) AS ids FROM (SELECT id FROM models ORDER BY sort_name, id)");
    return JSON.parse(`[${row!.ids ?? ""}]`);
  }

  /**
   * Find the models that have all words.
   *
   * @param words Words that {@linkcode foldText} has folded; those of less than three characters are sought in the name
   * @returns Ids in no order
   */
  search(words: readonly string[]): readonly number[] {
    const long = words.filter((word) => [...word].length >= 3);
    const short = words.filter((word) => [...word].length < 3);
    const parts: string[] = [];
    if (long.length > 0) parts.push("SELECT rowid AS id FROM search WHERE search MATCH ?");
    for (const _ of short) parts.push("SELECT id FROM models INDEXED BY models_sort_name WHERE instr(sort_name, ?)");
    const phrases = long.map((word) => `"${word.replaceAll('"', '""')}"`).join(" ");
    const row = this.#db.get(
      `SELECT group_concat(id) AS ids FROM (${parts.join(" INTERSECT ")})`,
      ...long.length > 0 ? [phrases] : [],
      ...short,
    );
    return JSON.parse(`[${row!.ids ?? ""}]`);
  }

  /** Return the cards of models, in the given order; without those that are unknown. */
  cards(ids: readonly number[]): Cards {
    const rows = this.#db.all(
      "SELECT models.* FROM json_each(?) AS asked JOIN models ON models.id = asked.value ORDER BY asked.key",
      JSON.stringify(ids),
    );
    const column = <T>(of: (row: Row) => T): T[] => rows.map(of);
    return {
      id: column((row) => row.id as number),
      name: column((row) => row.name as string),
      creator: column((row) => row.creator === 0 ? null : this.#terms.valueOf(row.creator as number)),
      type: column((row) => this.#terms.valueOf(row.type as number)),
      base: column((row) => this.#terms.valueOf(row.base as number)),
      version: column((row) => row.version as string),
      versions: column((row) => row.versions as number),
      files: column((row) => row.files as number),
      bytes: column((row) => row.bytes as number),
      level: column((row) => (row.preview_level ?? row.level) as number),
      state: column((row) => MODEL_STATES[row.state as number]!),
      preview: column((row) => row.preview === null ? null : String(row.preview)),
      hash: column((row) => row.hash as string | null),
      removed: column((row) => row.removed === 1),
    };
  }

  /** Find the model and the version whose card an image is on; `null` if it is on none. */
  imageOwner(imageId: number): { readonly modelId: number; readonly versionId: number } | null {
    const row = this.#db.get("SELECT id, preview_version FROM models WHERE preview = ?", imageId);
    return row === undefined ? null : { modelId: row.id as number, versionId: row.preview_version as number };
  }

  /** Close the file. */
  [Symbol.dispose](): void {
    this.#db[Symbol.dispose]();
  }
}

function listOf(name: string): string {
  return `group_concat(${name}) AS ${name}`;
}

function toTerm({ id, value }: Row): readonly [id: number, value: string] {
  return [id as number, value as string];
}
