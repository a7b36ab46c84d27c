import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { ResponseStore, StoredResponse } from "../response_store.ts";
import type { Database } from "../../database.ts";

/** Options of {@linkcode ResponseTable}. */
export interface ResponseTableOptions {
  /** Maximum total size of all compressed bodies, in bytes. */
  readonly maxBytes: number;
  readonly clock: { now(): number };
}

/** A body that takes a larger share of the space is not stored, so that one body does not evict all others. */
const SHARE = 1 / 16;
/** Adding up the sizes costs more than an insert, so it is done only after every 16th insert and after a large body. */
const TRIM_EVERY = 16;
const LARGE_BYTES = 256 * 1024;
/**
 * Minimum time between two updates of a row's last use, in milliseconds. Recording every use would turn each read into
 * a write.
 */
const USE_MS = 3_600_000;
/** The fastest level; level 3 takes half as long again, for nothing. The checksum tells a damaged body. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } };

/** See {@linkcode ResponseStore}. */
export class ResponseTable implements ResponseStore {
  readonly #db: Database;
  readonly #options: ResponseTableOptions;

  constructor(db: Database, options: ResponseTableOptions) {
    this.#db = db;
    this.#options = options;
  }

  get(key: string): StoredResponse | null {
    const row = this.#db.get("SELECT etag, body, size_bytes, used_at FROM responses WHERE key = ?", key);
    if (row === undefined) return null;
    const now = this.#options.clock.now();
    if (Math.abs(now - (row.used_at as number)) > USE_MS) {
      this.#db.run("UPDATE responses SET used_at = ? WHERE key = ?", now, key);
    }
    // The decompression takes what was cut off for the end.
    if ((row.body as Uint8Array).length !== row.size_bytes) return null;
    try {
      return { etag: row.etag as string, body: zstdDecompressSync(row.body as Uint8Array).toString("utf8") };
    } catch {
      // Its checksum is wrong: treat the response as missing.
      return null;
    }
  }

  put(key: string, { etag, body }: StoredResponse): void {
    const packed = zstdCompressSync(body, COMPRESSION);
    if (packed.length > this.#options.maxBytes * SHARE) return;
    const { lastId } = this.#db.run(
      "INSERT OR REPLACE INTO responses (key, etag, body, size_bytes, used_at) VALUES (?, ?, ?, ?, ?)",
      key,
      etag,
      packed,
      packed.length,
      this.#options.clock.now(),
    );
    if (lastId % TRIM_EVERY === 0 || packed.length > LARGE_BYTES) this.#trim();
  }

  /** Keep the most recently used responses that fit. */
  #trim(): void {
    const { maxBytes } = this.#options;
    const total = this.#db.get("SELECT coalesce(sum(size_bytes), 0) AS bytes FROM responses")?.bytes as number;
    if (total <= maxBytes) return;
    this.#db.run(
      `DELETE FROM responses WHERE id IN (
         SELECT id FROM (SELECT id, sum(size_bytes) OVER (ORDER BY used_at DESC, id DESC) AS bytes FROM responses)
         WHERE bytes > ?)`,
      // Free more than needed, so that the next responses fit.
      Math.floor(maxBytes * 0.9),
    );
  }
}
