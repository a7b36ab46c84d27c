import { contentText, digestOfText } from "./content_digest.ts";

/** With 32 bits, one in 4 000 000 000 edits of a field by a person goes unnoticed. */
export const FIELD_DIGEST_DIGITS = 8;

/** Length up to which the text of a value is remembered, and the number of texts at which all are forgotten. */
const REMEMBERED = { length: 64, texts: 4096 };
/** Digests by text: half of the fields of a library have one of a few values, such as `false` or a base model. */
const knownDigests = new Map<string, string>();

/** Compute a short {@linkcode contentDigest} for one field of a sidecar; a library has millions of fields. */
export function fieldDigest(value: unknown): string {
  const text = contentText(value);
  const known = knownDigests.get(text);
  if (known !== undefined) return known;
  const digest = digestOfText(text).slice(0, FIELD_DIGEST_DIGITS);
  if (text.length > REMEMBERED.length) return digest;
  if (knownDigests.size >= REMEMBERED.texts) knownDigests.clear();
  knownDigests.set(text, digest);
  return digest;
}
