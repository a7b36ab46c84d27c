import { Database, type PictureFormat } from "../../library/mod.ts";

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
  readonly #db: Database;
  /** Whether the index was made by this process, so that it knows nothing of the files beside it. */
  isNew = false;

  /**
   * Open the index. One that another version wrote is made anew.
   *
   * @throws {Error} If it is damaged or cannot be opened
   */
  constructor(path: string) {
    this.#db = new Database(path, { readOnly: false });
    try {
      this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY");
      this.#prepare();
    } catch (error) {
      this.#db[Symbol.dispose]();
      throw error;
    }
  }

  #prepare(): void {
    this.#db.transaction(() => {
      if (this.#db.version() === VERSION) return;
      this.isNew = true;
      this.#db.exec("DROP TABLE IF EXISTS pictures; DROP TABLE IF EXISTS previews");
      this.#db.exec(SCHEMA);
    });
  }

  /** Return the picture of a preview, and note that it is used; `null` if it is unknown. */
  find(imageId: number, width: number, now: number): IndexedPicture | null {
    const row = this.#db.get(
      `SELECT sha256, format, size_bytes, used_at FROM previews JOIN pictures USING (sha256)
       WHERE image_id = ? AND width = ?`,
      imageId,
      width,
    );
    if (row === undefined) return null;
    const sha256 = row.sha256 as string;
    if (Math.abs(now - (row.used_at as number)) > USE_MS) {
      this.#db.run("UPDATE pictures SET used_at = ? WHERE sha256 = ?", now, sha256);
    }
    return { sha256, format: row.format as PictureFormat, sizeBytes: row.size_bytes as number };
  }

  /** Record the picture of a preview; returns whether the picture was unknown. */
  put(preview: { readonly imageId: number; readonly width: number }, picture: IndexedPicture, now: number): boolean {
    const { sha256, format, sizeBytes } = picture;
    const isNew = !this.has(sha256);
    const { imageId, width } = preview;
    this.#db.transaction(() => {
      const insert = "INSERT OR REPLACE INTO pictures (sha256, format, size_bytes, used_at) VALUES (?, ?, ?, ?)";
      this.#db.run(insert, sha256, format, sizeBytes, now);
      this.#db.run(
        "INSERT OR REPLACE INTO previews (image_id, width, sha256) VALUES (?, ?, ?)",
        imageId,
        width,
        sha256,
      );
    });
    return isNew;
  }

  /** Forget a picture and its previews. */
  remove(sha256: string): void {
    this.#db.transaction(() => {
      this.#db.run("DELETE FROM pictures WHERE sha256 = ?", sha256);
      this.#db.run("DELETE FROM previews WHERE sha256 = ?", sha256);
    });
  }

  /** Whether a picture is known. */
  has(sha256: string): boolean {
    return this.#db.get("SELECT 1 FROM pictures WHERE sha256 = ?", sha256) !== undefined;
  }

  /** Size of all pictures, in bytes. */
  totalBytes(): number {
    return this.#db.get("SELECT total(size_bytes) AS bytes FROM pictures")!.bytes as number;
  }

  /** List the pictures that were not used for the longest time, first those. */
  oldest(count: number): readonly Pick<IndexedPicture, "sha256" | "sizeBytes">[] {
    const rows = this.#db.all("SELECT sha256, size_bytes FROM pictures ORDER BY used_at, sha256 LIMIT ?", count);
    return rows.map((row) => ({ sha256: row.sha256 as string, sizeBytes: row.size_bytes as number }));
  }

  /** Close the file. */
  [Symbol.dispose](): void {
    this.#db[Symbol.dispose]();
  }
}
