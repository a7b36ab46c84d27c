import { cleanText, truncateText } from "../base/mod.ts";
import type { ModelFile } from "../civitai/mod.ts";
import { FailureError } from "../failsafe/mod.ts";
import { type Catalog, type ItemFacts, mayHoldPickles } from "../library/mod.ts";

/** Folder in the library for flagged files downloaded with `--allow-flagged`; no program loads models from there. */
const FLAGGED_FOLDER = "quarantine";
/** No program loads a file with this extension. */
const FLAGGED_EXTENSION = ".flagged";
/** Increment when the list of allowed imports changes, so that files flagged under an older list are scanned again. */
const SCAN_VERSION = 1;
const MAX_MESSAGE_CHARS = 200;

/**
 * Check whether a path is that of a flagged file.
 *
 * @param path Path relative to the library
 * @returns Whether the path is below `quarantine/` and has the extension `.flagged`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isFlaggedPath } from "@civitai-dl/civitai-dl/downloader";
 *
 * assertEquals(isFlaggedPath("quarantine/a.ckpt.flagged"), true);
 * assertEquals(isFlaggedPath("models/old/a.ckpt"), false);
 * ```
 */
export function isFlaggedPath(path: string): boolean {
  return path.startsWith(`${FLAGGED_FOLDER}/`) && path.endsWith(FLAGGED_EXTENSION);
}

/**
 * Build the path of a flagged file.
 *
 * @param path The path that the file would have if it were not flagged
 * @returns A path below `quarantine/` with the extension `.flagged`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { flaggedPath } from "@civitai-dl/civitai-dl/downloader";
 *
 * assertEquals(flaggedPath("models/old/a.ckpt"), "quarantine/a.ckpt.flagged");
 * ```
 */
export function flaggedPath(path: string): string {
  return isFlaggedPath(path) ? path : `${FLAGGED_FOLDER}/${path.slice(path.lastIndexOf("/") + 1)}${FLAGGED_EXTENSION}`;
}

/**
 * Return the name of a file without `.flagged`. The remaining extension shows which format is expected.
 *
 * @param path Path relative to the library
 * @returns The name without folders
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { unflaggedName } from "@civitai-dl/civitai-dl/downloader";
 *
 * assertEquals(unflaggedName("quarantine/a.ckpt.flagged"), "a.ckpt");
 * assertEquals(unflaggedName("models/old/a.ckpt"), "a.ckpt");
 * ```
 */
export function unflaggedName(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return isFlaggedPath(path) ? name.slice(0, -FLAGGED_EXTENSION.length) : name;
}

/**
 * Find out why Civitai calls a file dangerous. `Pending` and `Error` mean that its scanners have no result. They do not
 * flag a file, because every file is also scanned after the download. Formats that cannot contain code are never
 * flagged.
 *
 * @param file The file with its scan results
 * @returns The reason, for the user; `null` if Civitai does not flag it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseModel } from "@civitai-dl/civitai-dl/civitai";
 * import { findFlagReason } from "@civitai-dl/civitai-dl/downloader";
 *
 * const files = [{ id: 3, name: "a.ckpt", pickleScanResult: "Danger" }, { id: 4, name: "a.safetensors" }];
 * const { versions: [version] } = parseModel({ id: 1, name: "A", modelVersions: [{ id: 2, files }] });
 * assertEquals(version!.files.map(findFlagReason), ["Civitai's pickle scan calls it dangerous", null]);
 * ```
 */
export function findFlagReason(file: ModelFile): string | null {
  if (!mayHoldPickles(file.name)) return null;
  const isDanger = (result: string | null): boolean => result?.toLowerCase() === "danger";
  const other = isDanger(file.virusScan) ? "virus" : null;
  const scan = isDanger(file.pickleScan) ? "pickle" : other;
  if (scan === null) return null;
  // Civitai's message is Markdown.
  const line = cleanText(file.scanMessage ?? "").replace(/[`*#]+/g, " ").replace(/\s+/g, " ").trim();
  const message = truncateText(line, MAX_MESSAGE_CHARS);
  return `Civitai's ${scan} scan calls it dangerous${message === "" ? "" : `: ${message}`}`;
}

/** Thrown for a file that a scan after the download, in this run or an earlier one, found dangerous. */
export class FlaggedError extends FailureError {
  /** The name that stack traces print. */
  override name = "FlaggedError";
  /** Why the file is refused, for the user. */
  readonly reason: string;

  /**
   * Build the message from path and reason.
   *
   * @param path The path that the file would have had
   * @param reason Why the file is refused
   */
  constructor(path: string, reason: string) {
    super("flagged", `Cannot keep "${path}": ${reason}`, {
      hint: "If you trust the file anyway, download it to quarantine/ with --allow-flagged",
    });
    this.reason = reason;
  }
}

/** Result of a scan that flagged a file, as the catalog stores it. */
interface FlagNote {
  readonly version: number;
  readonly sha256: string;
  readonly hashes: Readonly<Record<string, string>>;
  readonly reason: string;
}

/**
 * Record why a fetched file was flagged, so that the same content is not fetched again only to be refused.
 *
 * @param catalog The catalog that stores the result
 * @param item The item's key, and the hashes that the API lists
 * @param found SHA-256 of the fetched content, in lower case, and the reason
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openLibrary, findRecordedFlag, recordFlag } from "@civitai-dl/civitai-dl/downloader";
 *
 * using library = await openLibrary("models", { command: "example", scratch: true });
 * const sha256 = "0".repeat(64);
 * const item = { key: "file:2:3", hashes: { SHA256: sha256 } };
 * recordFlag(library.catalog, item, { sha256, reason: "it imports os.system" });
 * assertEquals(findRecordedFlag(library.catalog, item), "it imports os.system");
 * ```
 */
export function recordFlag(
  catalog: Pick<Catalog, "setNote">,
  item: Pick<ItemFacts, "key" | "hashes">,
  found: { readonly sha256: string; readonly reason: string },
): void {
  const note: FlagNote = { version: SCAN_VERSION, ...found, hashes: item.hashes };
  catalog.setNote(noteName(item), JSON.stringify(note));
}

/**
 * Find out why a file was flagged after an earlier download, provided that the API still lists the same content.
 *
 * @param catalog The catalog that stores the result
 * @param item The item's key, and the hashes that the API lists now
 * @returns The reason; `null` if this content was not flagged, or only under an older list of allowed imports
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openLibrary, findRecordedFlag, recordFlag } from "@civitai-dl/civitai-dl/downloader";
 *
 * using library = await openLibrary("models", { command: "example", scratch: true });
 * const sha256 = "0".repeat(64);
 * const item = { key: "file:2:3", hashes: { SHA256: sha256 } };
 * recordFlag(library.catalog, item, { sha256, reason: "it imports os.system" });
 * const replaced = { ...item, hashes: { SHA256: "1".repeat(64) } };
 * assertEquals(findRecordedFlag(library.catalog, item), "it imports os.system");
 * assertEquals(findRecordedFlag(library.catalog, replaced), null);
 * ```
 */
export function findRecordedFlag(
  catalog: Pick<Catalog, "note">,
  item: Pick<ItemFacts, "key" | "hashes">,
): string | null {
  const text = catalog.note(noteName(item));
  if (text === null) return null;
  const note = JSON.parse(text) as FlagNote;
  if (note.version !== SCAN_VERSION) return null;
  const published = item.hashes.SHA256?.toLowerCase();
  const isSame = published === undefined ? sameHashes(item.hashes, note.hashes) : published === note.sha256;
  return isSame ? note.reason : null;
}

function noteName({ key }: Pick<ItemFacts, "key">): string {
  return `flagged:${key}`;
}

function sameHashes(a: ItemFacts["hashes"], b: ItemFacts["hashes"]): boolean {
  const kinds = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...kinds].every((kind) => a[kind]?.toLowerCase() === b[kind]?.toLowerCase());
}
