import * as z from "npm:zod@^4";
import { field } from "./_field.ts";
import { parseEach } from "./_parse_each.ts";
import { parseShape } from "./_parse_shape.ts";

/** Where a file with a certain SHA-256 was published. */
export interface HashMatch {
  /** Lower case. */
  readonly sha256: string;
  /** A version that has the file. */
  readonly versionId: number;
  /** `null` in answers that do not tell it. */
  readonly modelId: number | null;
}

const matchSchema = z.looseObject({
  hash: z.string(),
  modelVersionId: field.id,
  modelId: field.id.nullable().default(null).catch(null),
});

/**
 * Parse the answer of /model-versions/by-hash/ids. One hash may match several versions.
 *
 * @param json The answer
 * @returns One entry a match
 * @throws {SyntaxError} If it is not a list
 */
export function parseHashMatches(json: unknown): readonly HashMatch[] {
  const entries = parseShape(z.array(z.unknown()), json, "a list of hash matches");
  return parseEach(entries, (entry) => {
    const match = parseShape(matchSchema, entry, "a hash match");
    return { sha256: match.hash.toLowerCase(), versionId: match.modelVersionId, modelId: match.modelId };
  }).items;
}
