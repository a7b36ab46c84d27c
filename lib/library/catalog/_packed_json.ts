import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { shortenPhrases, spellPhrases } from "./_json_phrases.ts";

const DIGEST_BYTES = 16;

/** A JSON value for a BLOB column, and a digest that shows whether it changed. */
export interface PackedJson {
  readonly digest: Uint8Array;
  pack(): Uint8Array;
}

/** Prepare a value; it is compressed only when `pack` is called. */
export function packJson(value: unknown): PackedJson {
  const text = JSON.stringify(value) ?? "null";
  const digest = createHash("sha256").update(text).digest().subarray(0, DIGEST_BYTES);
  return { digest, pack: () => deflateRawSync(shortenPhrases(text)) };
}

/** Unpack a value. */
export function unpackJson(packed: unknown): unknown {
  return JSON.parse(spellPhrases(inflateRawSync(packed as Uint8Array).toString("utf8")));
}
