import type { HashKind } from "../shapes/entities.ts";

const BY_LENGTH: Readonly<Record<number, readonly HashKind[]>> = {
  8: ["AutoV1", "CRC32"],
  10: ["AutoV2"],
  12: ["AutoV3"],
  64: ["SHA256", "BLAKE3"],
};

/** List the kinds of hashes that have this length; empty if the text is not a hash. */
export function hashKinds(text: string): readonly HashKind[] {
  return /^[0-9a-f]+$/i.test(text) ? BY_LENGTH[text.length] ?? [] : [];
}
