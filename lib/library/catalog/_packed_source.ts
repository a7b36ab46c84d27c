import { shortenPhrases, spellPhrases } from "./_json_phrases.ts";

/** Precedes a source that is stored as it is. */
const AS_IT_IS = "\x7f";

/** Pack an item's source for its column. Nearly all sources of files are the same few, and those of images begin alike. */
export function packSource(source: string | null): string | null {
  if (source === null) return null;
  // Neither JSON nor a URL has control characters; those of any other text would be taken for codes of phrases.
  // deno-lint-ignore no-control-regex
  return /[\x00-\x08\x7f]/.test(source) ? `${AS_IT_IS}${source}` : shortenPhrases(source);
}

/** Unpack a source. */
export function unpackSource(packed: unknown): string | null {
  if (typeof packed !== "string") return null;
  return packed.startsWith(AS_IT_IS) ? packed.slice(AS_IT_IS.length) : spellPhrases(packed);
}
