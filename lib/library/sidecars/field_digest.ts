import { contentDigest } from "./content_digest.ts";

/** With 32 bits, one in 4 000 000 000 edits of a field by a person goes unnoticed. */
export const FIELD_DIGEST_DIGITS = 8;

/** Compute a short {@linkcode contentDigest} for one field of a sidecar; a library has millions of fields. */
export function fieldDigest(value: unknown): string {
  return contentDigest(value).slice(0, FIELD_DIGEST_DIGITS);
}
