import { contentDigest } from "./content_digest.ts";

/** With 32 bits, one in 4 000 000 000 edits of a field by a person would be taken for none. */
export const FIELD_DIGEST_DIGITS = 8;

/** A short {@linkcode contentDigest} for one field of a sidecar, of which a library has millions. */
export function fieldDigest(value: unknown): string {
  return contentDigest(value).slice(0, FIELD_DIGEST_DIGITS);
}
