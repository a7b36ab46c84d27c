import { BLOCK_BYTES } from "../../base/mod.ts";
import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { autoV1, autoV3Source } from "./_auto_hashes.ts";
import { BlockCrc } from "./_block_crc.ts";
import { readChunks } from "./_read_chunks.ts";

/** Kinds of hashes that take extra time and are computed only on request. */
export type ExtraHash = "blake3" | "autov1" | "autov3";

/** Options of {@linkcode hashFile}. */
export interface HashFileOptions {
  /** Aborts the reading. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes read since the last call. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /**
   * Size of a block, in bytes.
   *
   * @default {16777216}
   */
  readonly blockBytes?: number | undefined;
  /**
   * Further kinds of hashes to compute.
   *
   * @default {[]}
   */
  readonly extra?: readonly ExtraHash[] | undefined;
}

/** The hashes of a file; hex in lower case. */
export interface FileHashes {
  /** SHA-256 of the whole file. */
  readonly sha256: string;
  /** AutoV2: the first 10 digits of the SHA-256. */
  readonly autov2: string;
  /** CRC-32 of the whole file, 8 digits. */
  readonly crc32: string;
  /** CRC-32 of each block. */
  readonly blocks: Uint32Array;
  /** Bytes read. */
  readonly sizeBytes: number;
  /** BLAKE3 of the whole file; `null` unless requested. */
  readonly blake3: string | null;
  /** AutoV1, 8 digits; `null` unless requested. */
  readonly autov1: string | null;
  /**
   * AutoV3 of a safetensors file, 12 digits. It is the hash that the trainer wrote into the header, if there is one,
   * otherwise that of the data. `null` for other formats, and unless requested.
   */
  readonly autov3: string | null;
  /**
   * AutoV3 of a safetensors file's data, 12 digits, regardless of the header. `null` for other formats, and unless
   * requested.
   */
  readonly autov3Nominal: string | null;
}

/** A streaming hash function. */
interface Hasher {
  update(bytes: Uint8Array): unknown;
  digest(encoding: "hex"): string;
}

/**
 * Hash a file in one pass with constant memory.
 *
 * @param path The file
 * @param options Signal, progress, size of a block, further kinds of hashes
 * @returns Its hashes
 */
export async function hashFile(path: string, options: HashFileOptions = {}): Promise<FileHashes> {
  const { signal, onBytes = () => {}, blockBytes = BLOCK_BYTES, extra = [] } = options;
  const blocks = new BlockCrc(blockBytes);
  const sha256 = createHash("sha256");
  const blake3 = extra.includes("blake3") ? await createBlake3() : null;
  const source = extra.includes("autov3") ? await autoV3Source(path) : null;
  const data = source === null ? null : createHash("sha256");
  let sizeBytes = 0;
  let crc = 0;
  for await (const chunk of readChunks(path, { signal })) {
    sha256.update(chunk);
    blake3?.update(chunk);
    updateFrom(data, chunk, sizeBytes, source?.dataOffset ?? 0);
    crc = crc32(chunk, crc);
    blocks.update(chunk);
    sizeBytes += chunk.length;
    onBytes(chunk.length);
  }
  const hex = sha256.digest("hex");
  const nominal = data?.digest("hex").slice(0, 12) ?? null;
  return {
    sha256: hex,
    autov2: hex.slice(0, 10),
    crc32: crc.toString(16).padStart(8, "0"),
    blocks: blocks.digest(),
    sizeBytes,
    blake3: blake3?.digest("hex") ?? null,
    autov1: extra.includes("autov1") ? await autoV1(path) : null,
    autov3: source?.fromHeader ?? nominal,
    autov3Nominal: nominal,
  };
}

/** Hash the bytes of a chunk that are at or after `offset` in the file. */
function updateFrom(hash: Hash | null, chunk: Uint8Array, position: number, offset: number): void {
  if (position + chunk.length > offset) hash?.update(chunk.subarray(Math.max(0, offset - position)));
}

async function createBlake3(): Promise<Hasher> {
  // Imported on demand, because only files without a SHA-256 need it.
  const { createBLAKE3 } = await import("hash-wasm");
  return await createBLAKE3();
}
