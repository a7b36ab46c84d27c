import * as z from "zod";
import { field } from "./_field.ts";
import { parseEach } from "./_parse_each.ts";
import { parseShape } from "./_parse_shape.ts";
import type { UnreadableOptions } from "./unreadable_entry.ts";

/** A version that contains a file with a certain SHA-256. */
export interface HashMatch {
  /** The SHA-256, lower-case hexadecimal. */
  readonly sha256: string;
  /** Id of a version that contains the file. */
  readonly versionId: number;
  /** Id of the version's model; `null` if the response does not include it. */
  readonly modelId: number | null;
}

const matchSchema = z.looseObject({
  hash: z.string(),
  modelVersionId: field.id,
  modelId: field.id.nullable().default(null).catch(null),
});

/**
 * Parse the response of /model-versions/by-hash/ids. One hash may match several versions.
 *
 * @param json The decoded response
 * @param options Callback for unreadable entries
 * @returns One entry per match
 * @throws {SyntaxError} If the response is not a list
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseHashMatches } from "@civitai-dl/civitai-dl/civitai";
 *
 * const matches = parseHashMatches([{ hash: "AB".repeat(32), modelVersionId: 456, modelId: 123 }]);
 * assertEquals(matches, [{ sha256: "ab".repeat(32), versionId: 456, modelId: 123 }]);
 * ```
 */
export function parseHashMatches(json: unknown, options: UnreadableOptions = {}): readonly HashMatch[] {
  const entries = parseShape(z.array(z.unknown()), json, "a list of hash matches");
  return parseEach(entries, { ...options, kind: "hash match", parse: parseMatch, skipsNull: true }).items;
}

function parseMatch(json: unknown): HashMatch {
  const match = parseShape(matchSchema, json, "a hash match");
  return { sha256: match.hash.toLowerCase(), versionId: match.modelVersionId, modelId: match.modelId };
}
