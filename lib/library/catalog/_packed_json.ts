import { deflateRawSync, inflateRawSync } from "node:zlib";
import { shortenPhrases, spellPhrases } from "./_json_phrases.ts";

/** Pack a JSON value for a BLOB column. */
export function packJson(value: unknown): Uint8Array {
  return deflateRawSync(shortenPhrases(JSON.stringify(value) ?? "null"));
}

/** Unpack a value. */
export function unpackJson(packed: unknown): unknown {
  return JSON.parse(spellPhrases(inflateRawSync(packed as Uint8Array).toString("utf8")));
}
