import { asRecord } from "./_as_record.ts";
import type { Hashes, HashKind } from "./entities.ts";

const LENGTHS: Readonly<Record<HashKind, number>> = {
  AutoV1: 8,
  AutoV2: 10,
  AutoV3: 12,
  SHA256: 64,
  CRC32: 8,
  BLAKE3: 64,
};
/**
 * The beginning of the SHA-256 of an empty input. Scanners report it if the file has no bytes in the range that this
 * kind of hash covers.
 */
const EMPTY_HASHES: Partial<Record<HashKind, string>> = { AutoV1: "e3b0c442", AutoV3: "e3b0c44298fc" };

/**
 * Parse published hashes: convert them to lower case, cut a long AutoV3 to its first 12 characters, and drop invalid
 * hashes and those of an empty input.
 *
 * @param json The `hashes` of a file
 * @returns The usable hashes
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseHashes } from "@civitai-dl/civitai-dl/civitai";
 *
 * // This AutoV3 is the hash of an empty input.
 * assertEquals(parseHashes({ AutoV2: "0A1B2C3D4E", AutoV3: "E3B0C44298FC" }), { AutoV2: "0a1b2c3d4e" });
 * ```
 */
export function parseHashes(json: unknown): Hashes {
  const fields = asRecord(json) ?? {};
  const hashes: Partial<Record<HashKind, string>> = {};
  for (const kind of Object.keys(LENGTHS) as HashKind[]) {
    const value = fields[kind];
    if (typeof value !== "string") continue;
    const text = value.trim().toLowerCase();
    const hash = kind === "AutoV3" && text.length === 64 ? text.slice(0, 12) : text;
    if (hash.length !== LENGTHS[kind] || !/^[0-9a-f]+$/.test(hash) || hash === EMPTY_HASHES[kind]) continue;
    hashes[kind] = hash;
  }
  return hashes;
}
