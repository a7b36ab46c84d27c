import { openNoFollow } from "../../base/mod.ts";
import type { DebugSource } from "./debug_source.ts";

/** Where logs, state and configuration have names of creators. */
const NAMES = [
  /\buser:([\p{L}\p{N}_][\p{L}\p{N}_.-]{0,63})/gu,
  /"(?:username|creator|user)"\s*:\s*"([^"\\]{1,64})"/g,
  /^\s*(?:user|username|creator)\s*:\s*["']?([\p{L}\p{N}_][\p{L}\p{N}_.-]{0,63})/gmu,
  /\/user\/([\p{L}\p{N}_][\p{L}\p{N}_.-]{0,63})/gu,
];
const CHUNK_BYTES = 1 << 18;
/** A name that lies across two chunks is found because the chunks overlap. */
const OVERLAP = 256;

/**
 * Find the names of creators in a text of this program, such as a line of its log.
 *
 * @param text The text
 * @returns The names, in the order of the places that may have them
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findNamesIn } from "../mod.ts";
 * assertEquals(findNamesIn('{"target":"user:ann","creator":"bob"}'), ["ann", "bob"]);
 * ```
 */
export function findNamesIn(text: string): readonly string[] {
  return [...new Set(NAMES.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name!)))];
}

/**
 * Find the names of creators in the files that go in, because the catalog may be corrupt.
 *
 * @param sources The files
 * @param signal Stops reading
 * @returns The names, in the order of their appearance
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findNames } from "../mod.ts";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, '{"target":"user:ann","creator":"bob"}');
 * const { size: bytes } = await Deno.stat(path);
 * const sources = [{ name: "logs/a.log", path, bytes, takenBytes: bytes }];
 * assertEquals(await findNames(sources, new AbortController().signal), ["ann", "bob"]);
 * await Deno.remove(path);
 * ```
 */
export async function findNames(sources: readonly DebugSource[], signal: AbortSignal): Promise<readonly string[]> {
  const found = new Set<string>();
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (const { path, bytes, takenBytes } of sources) {
    using file = await openNoFollow(path, { read: true });
    await file.seek(bytes - takenBytes, Deno.SeekMode.Start);
    const decoder = new TextDecoder();
    let left = takenBytes;
    let before = "";
    while (left > 0) {
      signal.throwIfAborted();
      const count = await file.read(chunk.subarray(0, Math.min(chunk.length, left)));
      if (count === null) break;
      left -= count;
      const text = before + decoder.decode(chunk.subarray(0, count), { stream: true });
      for (const name of findNamesIn(text)) found.add(name);
      before = text.slice(-OVERLAP);
    }
  }
  return [...found];
}
