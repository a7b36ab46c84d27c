import { parseEach } from "./_parse_each.ts";
import { parseShape } from "./_parse_shape.ts";
import * as z from "npm:zod@^4";
import type { ModelVersion } from "./entities.ts";
import { parseVersion } from "./parse_version.ts";
import type { UnreadableOptions } from "./unreadable_entry.ts";

/**
 * Parse the answer of a lookup of many hashes: `null` entries are dropped, a version that comes twice is kept once.
 *
 * @param json The answer
 * @param options Told what is left out
 * @returns The versions, in the server's order
 * @throws {SyntaxError} If it is not a list
 */
export function parseVersionList(json: unknown, options: UnreadableOptions = {}): readonly ModelVersion[] {
  const entries = parseShape(z.array(z.unknown()), json, "a list of versions");
  const versions = parseEach(entries, {
    ...options,
    kind: "version",
    parse: (entry) => parseVersion(entry),
    skipsNull: true,
  }).items;
  return [...new Map(versions.map((version) => [version.id, version])).values()];
}
