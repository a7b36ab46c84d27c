import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { copyDatabase } from "./_copy_database.ts";

/** A row as SQLite returns it. */
export type Row = Record<string, unknown>;

/** Number of remembered ids at which all are forgotten, to bound their memory. */
const MAX_IDS = 1000;
/** How long to wait for another process that writes, in milliseconds. */
const TIMEOUT_MS = 5000;
/** A smaller database is copied in less time than a thread takes to start. */
const THREAD_BYTES = 8 << 20;

/** Options of {@linkcode Database}. */
export interface DatabaseOptions {
  /** Whether the file must exist, and is not changed. */
  readonly readOnly: boolean;
  /** Turns an error of SQLite into the one that is thrown; absent means that it is thrown as it is. */
  readonly explain?: ((error: unknown) => unknown) | undefined;
}

/** A SQLite connection with cached statements, nested transactions and errors that a user can act on. */
export class Database implements Disposable {
  /** Path of the file; `:memory:` for none. */
  readonly path: string;
  readonly #explain: (error: unknown) => unknown;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #ids = new Map<string, number>();
  #depth = 0;

  /**
   * Open the file.
   *
   * @param path The file, or `:memory:`
   * @param options Access, and how errors are explained
   */
  constructor(path: string, options: DatabaseOptions) {
    this.path = path;
    this.#explain = options.explain ?? ((error) => error);
    this.#connection = this.#translate(() =>
      new DatabaseSync(path, { readOnly: options.readOnly, enableForeignKeyConstraints: true, timeout: TIMEOUT_MS })
    );
  }

  /** Run statements without parameters. */
  exec(sql: string): void {
    this.#translate(() => this.#connection.exec(sql));
  }

  /** Change rows. Return the number of changed rows and the id of the last inserted row. */
  run(sql: string, ...values: readonly SQLInputValue[]): { readonly changes: number; readonly lastId: number } {
    const result = this.#translate(() => this.#statement(sql).run(...values));
    return { changes: Number(result.changes), lastId: Number(result.lastInsertRowid) };
  }

  /** Return the first row; `undefined` if there is none. */
  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#translate(() => this.#statement(sql).get(...values));
  }

  /** Return every row; the query has to limit their number. */
  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#translate(() => this.#statement(sql).all(...values));
  }

  /** Iterate over many small rows. Do not change the database until the last row has been read. */
  iterate(sql: string, ...values: readonly SQLInputValue[]): Iterable<Row> {
    return this.#translate(() => this.#statement(sql).iterate(...values));
  }

  /**
   * Return the id of a row that never changes and is never deleted, and remember it.
   *
   * @param name What the row is known by, unique among all such rows
   * @param find Finds the row, or adds it
   */
  idOf(name: string, find: () => number): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = find();
    if (this.#ids.size >= MAX_IDS) this.#ids.clear();
    this.#ids.set(name, id);
    return id;
  }

  /** The `user_version`; 0 before the tables are made. */
  version(): number {
    return Number(this.get("PRAGMA user_version")?.user_version);
  }

  /** Move the content of the log into the file and flush it; does nothing inside a transaction. */
  checkpoint(): void {
    if (this.#depth === 0) this.get("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** Copy what the database has now to a new file, whoever writes to it meanwhile. */
  async copyTo(path: string): Promise<void> {
    try {
      if (this.#bytes() > THREAD_BYTES) await copyDatabase({ path: this.path, copy: path, timeout: TIMEOUT_MS });
      // All pages in one step, of one moment.
      else await backup(this.#connection, path, { rate: -1 });
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** Run `fn` completely or not at all; inside another transaction, as a savepoint. */
  transaction<T>(fn: () => T): T {
    const name = `level${this.#depth}`;
    const nested = this.#depth > 0;
    this.exec(nested ? `SAVEPOINT ${name}` : "BEGIN IMMEDIATE");
    this.#depth++;
    try {
      const result = fn();
      if (result instanceof Promise) {
        throw new TypeError("Cannot run a transaction: the function returns a promise");
      }
      this.exec(nested ? `RELEASE ${name}` : "COMMIT");
      return result;
    } catch (error) {
      this.#undo(nested ? `ROLLBACK TO ${name}; RELEASE ${name}` : "ROLLBACK");
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /** Close the connection. */
  [Symbol.dispose](): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  #bytes(): number {
    return Number(this.get("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size")!.bytes);
  }

  #undo(sql: string): void {
    // They may be those of rows that were added here.
    this.#ids.clear();
    try {
      this.#connection.exec(sql);
    } catch {
      // SQLite has already rolled back, because the disk is full or the file is damaged. Report the first error.
    }
  }

  #statement(sql: string): StatementSync {
    const cached = this.#statements.get(sql);
    if (cached !== undefined) return cached;
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #translate<T>(fn: () => T): T {
    try {
      return fn();
    } catch (error) {
      throw this.#explain(error);
    }
  }
}
