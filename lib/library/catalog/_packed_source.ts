import { shortenPhrases, spellPhrases } from "./_json_phrases.ts";

/** Precedes a source that is stored as it is. */
const AS_IT_IS = "\x7f";

/** Pack an item's source for its column. Nearly all files have one of a few sources, and those of images begin alike. */
export function packSource(source: string | null): string | null {
  if (source === null) return null;
  // Neither JSON nor a URL has control characters; those of any other text would be taken for codes of phrases.
  // deno-lint-ignore no-control-regex
  return /[\x00-\x08\x7f]/.test(source) ? `${AS_IT_IS}${source}` : shortenPhrases(source);
}

/** Number of unpacked sources at which all are forgotten. */
const MAX_KNOWN = 64;
/** Sources by what they were packed to, so that the rows of a page share the few that files have. */
const known = new Map<string, string>();

/** Unpack a source. */
export function unpackSource(packed: unknown): string | null {
  if (typeof packed !== "string") return null;
  if (packed.startsWith(AS_IT_IS)) return packed.slice(AS_IT_IS.length);
  const shared = known.get(packed);
  if (shared !== undefined) return shared;
  const source = spellPhrases(packed);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(packed, source);
  return source;
}
