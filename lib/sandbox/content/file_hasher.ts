import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { LruMap } from "../_lru_map.ts";
import type { CatalogFile } from "../catalog/catalog_model.ts";
import type { FileContent } from "./file_content.ts";

const CHUNK_BYTES = 1_048_576;
const SMALL_BYTES = 16_777_216;
const AUTO_V1 = { start: 0x100000, bytes: 0x10000 };

/** Hashes of a file, in upper case as the API prints them. */
export interface FileHashes {
  /** SHA-256 of the whole file. */
  readonly SHA256: string;
  /** The first 10 digits of SHA256. */
  readonly AutoV2: string;
  /** The first 8 digits of the SHA-256 of 64 KiB at offset 1 MiB. */
  readonly AutoV1: string;
  /** The first 12 digits of the SHA-256 of what follows the header; safetensors only. */
  readonly AutoV3?: string;
  /** CRC-32 of the whole file; only for files up to 16 MiB. */
  readonly CRC32?: string;
  /** BLAKE3 of the whole file; only for files up to 16 MiB. */
  readonly BLAKE3?: string;
}

/**
 * Computes the true hashes of files when they are first requested, and keeps them, so that a listing hashes the files
 * on its page only once. The SHA-256 of a large file takes one pass (about 1 GB/s). Request it before you measure a
 * listing.
 */
export class FileHasher {
  readonly #content: FileContent;
  readonly #known = new LruMap<string, Promise<FileHashes>>(500_000);

  /**
   * Create a hasher without any hashes yet.
   *
   * @param content Generates the bytes of the files
   */
  constructor(content: FileContent) {
    this.#content = content;
  }

  /**
   * Return the hashes of a file; they are computed on the first call only.
   *
   * @param file The file
   * @returns Its hashes
   */
  hashesOf(file: CatalogFile): Promise<FileHashes> {
    return this.#known.getOrMake(`${file.contentName} ${file.sizeBytes}`, () => this.#compute(file));
  }

  async #compute(file: CatalogFile): Promise<FileHashes> {
    const isSmall = file.sizeBytes <= SMALL_BYTES;
    const whole = createHash("sha256");
    const blake = isSmall ? await newBlake3() : null;
    const dataStart = file.format === "SafeTensor" ? this.#dataStart(file) : null;
    const data = dataStart === null ? null : createHash("sha256");
    let crc = 0;
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, file.sizeBytes));
    for (let start = 0; start < file.sizeBytes; start += buffer.length) {
      const chunk = buffer.subarray(0, Math.min(buffer.length, file.sizeBytes - start));
      this.#content.read(file, start, chunk);
      whole.update(chunk);
      blake?.update(chunk);
      if (isSmall) crc = crc32(chunk, crc);
      if (data !== null && dataStart !== null) data.update(chunk.subarray(Math.max(0, dataStart - start)));
      // The servers share this thread, so let them respond between chunks.
      if (start % (8 * CHUNK_BYTES) === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    const sha256 = hex(whole);
    return {
      SHA256: sha256,
      AutoV2: sha256.slice(0, 10),
      AutoV1: this.#autoV1(file),
      ...(data === null ? {} : { AutoV3: hex(data).slice(0, 12) }),
      ...(isSmall ? { CRC32: crc.toString(16).toUpperCase().padStart(8, "0") } : {}),
      ...(blake === null ? {} : { BLAKE3: blake.digest("hex").toUpperCase() }),
    };
  }

  /** Return the offset at which the data of a safetensors file begins. */
  #dataStart(file: CatalogFile): number {
    const word = new Uint8Array(8);
    this.#content.read(file, 0, word);
    return 8 + Number(new DataView(word.buffer).getBigUint64(0, true));
  }

  #autoV1(file: CatalogFile): string {
    const { start, bytes } = AUTO_V1;
    const window = new Uint8Array(Math.max(0, Math.min(bytes, file.sizeBytes - start)));
    this.#content.read(file, start, window);
    return hex(createHash("sha256").update(window)).slice(0, 8);
  }
}

function hex(hash: Hash): string {
  return hash.digest("hex").toUpperCase();
}

/** The platform has no BLAKE3; the package is loaded when the first file is hashed. */
async function newBlake3(): Promise<{ update(bytes: Uint8Array): unknown; digest(form: "hex"): string }> {
  const { createBLAKE3 } = await import("hash-wasm");
  return (await createBLAKE3()).init();
}
