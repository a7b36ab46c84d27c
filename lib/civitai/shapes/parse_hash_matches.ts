import * as z from "npm:zod@^4";
import { field } from "./_field.ts";
import { parseEach } from "./_parse_each.ts";
import { parseShape } from "./_parse_shape.ts";
import type { UnreadableOptions } from "./unreadable_entry.ts";

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
 * @param options Told what is left out
 * @returns One entry a match
 * @throws {SyntaxError} If it is not a list
 */
export function parseHashMatches(json: unknown, options: UnreadableOptions = {}): readonly HashMatch[] {
  const entries = parseShape(z.array(z.unknown()), json, "a list of hash matches");
  return parseEach(entries, { ...options, kind: "hash match", parse: parseMatch, skipsNull: true }).items;
}

function parseMatch(json: unknown): HashMatch {
  const match = parseShape(matchSchema, json, "a hash match");
  return { sha256: match.hash.toLowerCase(), versionId: match.modelVersionId, modelId: match.modelId };
}
