import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { PictureFormat } from "../../library/mod.ts";

/** Which picture a preview is. */
export interface IndexedPicture {
  /** Hexadecimal, in lower case. */
  readonly sha256: string;
  readonly format: PictureFormat;
  readonly sizeBytes: number;
}

const VERSION = 1;
const SCHEMA = `
  CREATE TABLE pictures (
    sha256 TEXT PRIMARY KEY, format TEXT NOT NULL, size_bytes INTEGER NOT NULL, used_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX pictures_used ON pictures(used_at);
  CREATE TABLE previews (
    image_id INTEGER NOT NULL, width INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (image_id, width)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX previews_sha256 ON previews(sha256);
  PRAGMA user_version = ${VERSION};
`;
/** Age in milliseconds at which the time of use is written again: the order of use needs no more. */
const USE_MS = 3_600_000;

/** The index of a cache of previews: which picture each preview is, and when it was used. It can be made anew. */
export class PreviewIndex implements Disposable {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Whether the index was made by this process, so that it knows nothing of the files beside it. */
  isNew = false;

  /**
   * Open the index. One that another version wrote is made anew.
   *
   * @throws {Error} If it is damaged or cannot be opened
   */
  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: 2000 });
    try {
      this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY");
      this.#prepare();
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  #prepare(): void {
    this.#transaction(() => {
      if (this.#statement("PRAGMA user_version").get()!.user_version === VERSION) return;
      this.isNew = true;
      this.#db.exec("DROP TABLE IF EXISTS pictures; DROP TABLE IF EXISTS previews");
      this.#db.exec(SCHEMA);
    });
  }

  /** Return the picture of a preview, and note that it is used; `null` if it is unknown. */
  find(imageId: number, width: number, now: number): IndexedPicture | null {
    const row = this.#statement(
      `SELECT sha256, format, size_bytes, used_at FROM previews JOIN pictures USING (sha256)
       WHERE image_id = ? AND width = ?`,
    ).get(imageId, width);
    if (row === undefined) return null;
    const sha256 = row.sha256 as string;
    if (Math.abs(now - (row.used_at as number)) > USE_MS) {
      this.#statement("UPDATE pictures SET used_at = ? WHERE sha256 = ?").run(now, sha256);
    }
    return { sha256, format: row.format as PictureFormat, sizeBytes: row.size_bytes as number };
  }

  /** Record the picture of a preview; returns whether the picture was unknown. */
  put(preview: { readonly imageId: number; readonly width: number }, picture: IndexedPicture, now: number): boolean {
    const { sha256, format, sizeBytes } = picture;
    const isNew = !this.has(sha256);
    this.#transaction(() => {
      this.#statement("INSERT OR REPLACE INTO pictures (sha256, format, size_bytes, used_at) VALUES (?, ?, ?, ?)")
        .run(sha256, format, sizeBytes, now);
      this.#statement("INSERT OR REPLACE INTO previews (image_id, width, sha256) VALUES (?, ?, ?)")
        .run(preview.imageId, preview.width, sha256);
    });
    return isNew;
  }

  /** Forget a picture and its previews. */
  remove(sha256: string): void {
    this.#transaction(() => {
      this.#statement("DELETE FROM pictures WHERE sha256 = ?").run(sha256);
      this.#statement("DELETE FROM previews WHERE sha256 = ?").run(sha256);
    });
  }

  /** Whether a picture is known. */
  has(sha256: string): boolean {
    return this.#statement("SELECT 1 FROM pictures WHERE sha256 = ?").get(sha256) !== undefined;
  }

  /** Size of all pictures, in bytes. */
  totalBytes(): number {
    return this.#statement("SELECT total(size_bytes) AS bytes FROM pictures").get()!.bytes as number;
  }

  /** List the pictures that were not used for the longest time, first those. */
  oldest(count: number): readonly Pick<IndexedPicture, "sha256" | "sizeBytes">[] {
    const rows = this.#statement("SELECT sha256, size_bytes FROM pictures ORDER BY used_at, sha256 LIMIT ?").all(count);
    return rows.map((row) => ({ sha256: row.sha256 as string, sizeBytes: row.size_bytes as number }));
  }

  #statement(sql: string): StatementSync {
    return this.#statements.getOrInsertComputed(sql, () => this.#db.prepare(sql));
  }

  #transaction(work: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#db.exec("COMMIT");
    } catch (error) {
      try {
        this.#db.exec("ROLLBACK");
      } catch {
        // SQLite has already rolled back, because the disk is full or the file is damaged. Report the first error.
      }
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
  }
}
