import { parseEach } from "./_parse_each.ts";
import { parseShape } from "./_parse_shape.ts";
import * as z from "zod";
import type { ModelVersion } from "./entities.ts";
import { parseVersion } from "./parse_version.ts";
import type { UnreadableOptions } from "./unreadable_entry.ts";

/**
 * Parse the response to a lookup of many hashes. `null` entries are dropped, and a repeated version is returned only
 * once.
 *
 * @param json The decoded response
 * @param options Callback for unreadable entries
 * @returns The versions, in the server's order
 * @throws {SyntaxError} If the response is not a list
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseVersionList } from "@civitai-dl/civitai-dl/civitai";
 *
 * const versions = parseVersionList([{ id: 456, modelId: 123 }, null, { id: 456, modelId: 123 }]);
 * assertEquals(versions.map(({ id }) => id), [456]);
 * ```
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
