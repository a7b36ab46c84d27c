import { removeInvisible } from "../../base/mod.ts";
import { fitName, NAME_LIMITS } from "./_fit_name.ts";
import { splitName } from "./split_name.ts";

/** Options of {@linkcode safeName}. */
export interface SafeNameOptions {
  /**
   * Maximum length that the file system allows, in UTF-8 bytes.
   *
   * @default {255}
   */
  readonly maxBytes?: number | undefined;
  /**
   * Maximum length in UTF-16 units.
   *
   * @default {200}
   */
  readonly maxChars?: number | undefined;
  /**
   * Bytes reserved for suffixes that are added to the name later: `.part`, `.journal`, `.metadata.json` and the like.
   *
   * @default {40}
   */
  readonly reserveBytes?: number | undefined;
  /**
   * Name to use if no character is left.
   *
   * @default {"_"}
   */
  readonly fallback?: string | undefined;
}

/** Characters that a file system or a shell forbids, and line separators. */
// deno-lint-ignore no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[<>:"/\\|?*\u0000-\u001F\u007F-\u009F\u2028\u2029\uFFFD]/gu;
const EDGE = /[.\s]/u;
/**
 * Longer text is first reduced to its beginning and end: a name has no room for the rest, and cleaning it takes too
 * long.
 */
const MAX_LENGTH = 4096;
const END_LENGTH = 64;
const DEVICE = /^(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³]|conin\$|conout\$)\s*(?:\.|$)/iu;

/**
 * Make a file or folder name that is valid on Linux, macOS and Windows and cannot lead to another folder.
 *
 * @param text Any text; a `/` in it never creates a folder
 * @param options Limits and fallback
 * @returns The name: NFC, no forbidden or invisible characters, no device name, within the limits, extension kept
 *
 * @example
 * `../CON: a/b?.safetensors` becomes `_CON_ a_b_.safetensors`.
 */
export function safeName(text: string, options: SafeNameOptions = {}): string {
  const { maxBytes = 255, maxChars = NAME_LIMITS.maxChars, reserveBytes = 40, fallback = "_" } = options;
  const { stem, ext } = splitName(avoidDevice(cleanName(text)));
  const fitted = fitName(stem, ext, { maxChars, maxBytes: maxBytes - reserveBytes });
  return avoidDevice(trimEdges(fitted)) || fallback;
}

/**
 * Clean a name so that every system accepts its characters, without limiting its length. Forbidden characters become
 * `_`. Invisible characters, and dots and spaces at the edges, are removed.
 *
 * @param text Any text
 * @returns The cleaned name, in NFC; may be empty
 */
export function cleanName(text: string): string {
  const short = text.length <= MAX_LENGTH ? text : text.slice(0, MAX_LENGTH) + text.slice(-END_LENGTH);
  return trimEdges(removeInvisible(short).normalize("NFC").replace(FORBIDDEN, "_"));
}

/** Windows drops dots and spaces at the edges of a name. */
function trimEdges(name: string): string {
  let start = 0;
  let end = name.length;
  while (start < end && EDGE.test(name[start]!)) start++;
  while (end > start && EDGE.test(name[end - 1]!)) end--;
  return name.slice(start, end);
}

function avoidDevice(name: string): string {
  return DEVICE.test(name) ? `_${name}` : name;
}
