import { cleanText, cutText } from "../base/mod.ts";
import type { ModelFile } from "../civitai/mod.ts";
import { FailureError } from "../failsafe/mod.ts";
import { type Catalog, type ItemFacts, mayHoldPickles } from "../library/mod.ts";

/** Folder of the library for flagged files that `--allow-flagged` fetches; no program looks for models there. */
const FLAGGED_FOLDER = "quarantine";
/** No program loads a file with this extension. */
const ENDING = ".flagged";
/** Increase it when the list of imports changes: files that an older list flagged are then examined again. */
const SCAN_VERSION = 1;
const MAX_MESSAGE_CHARS = 200;

/**
 * Whether a path of the library is a flagged file's.
 *
 * @param path Relative to the library
 * @returns True below `quarantine/`
 */
export function isFlaggedPath(path: string): boolean {
  return path.startsWith(`${FLAGGED_FOLDER}/`) && path.endsWith(ENDING);
}

/**
 * Where a flagged file goes.
 *
 * @param path The path that it would have if it were not flagged
 * @returns A path below `quarantine/`
 */
export function flaggedPath(path: string): string {
  return isFlaggedPath(path) ? path : `${FLAGGED_FOLDER}/${path.slice(path.lastIndexOf("/") + 1)}${ENDING}`;
}

/**
 * The name of a file without the marks of quarantine; its extension says which format is expected.
 *
 * @param path Relative to the library
 * @returns The name without folders
 */
export function plainName(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return isFlaggedPath(path) ? name.slice(0, -ENDING.length) : name;
}

/**
 * Why Civitai calls a file dangerous. `Pending` and `Error` mean that its scanners have no result; that is no reason,
 * since every file is also examined after it was fetched. Formats without code are never flagged.
 *
 * @param file The file
 * @returns The reason for a person; `null` if there is none
 */
export function judgeFlag(file: ModelFile): string | null {
  if (!mayHoldPickles(file.name)) return null;
  const isDanger = (result: string | null): boolean => result?.toLowerCase() === "danger";
  const scan = isDanger(file.pickleScan) ? "pickle" : isDanger(file.virusScan) ? "virus" : null;
  if (scan === null) return null;
  // Civitai writes it in Markdown.
  const line = cleanText(file.scanMessage ?? "").replace(/[`*#]+/g, " ").replace(/\s+/g, " ").trim();
  const message = cutText(line, MAX_MESSAGE_CHARS);
  return `Civitai's ${scan} scan calls it dangerous${message === "" ? "" : `: ${message}`}`;
}

/** A file was fetched completely, and its content must not be loaded. */
export class FlaggedError extends FailureError {
  /** The name that stack traces print. */
  override name = "FlaggedError";
  /** Why, for a person. */
  readonly reason: string;

  /**
   * Make one.
   *
   * @param path The path that the file would have had
   * @param reason Why it is refused
   */
  constructor(path: string, reason: string) {
    super("flagged", `Cannot keep "${path}": ${reason}`, {
      hint: "If you trust it anyway, --allow-flagged fetches it to quarantine/",
    });
    this.reason = reason;
  }
}

/** What a scan has found in the content of a file. */
interface FlagNote {
  readonly version: number;
  readonly sha256: string;
  readonly hashes: Readonly<Record<string, string>>;
  readonly reason: string;
}

/**
 * Remember what was found in a file, so that the same content is not fetched again only to be refused.
 *
 * @param catalog Keeps it
 * @param item The file as it was promised
 * @param found SHA-256 of what came, in lower case, and the reason
 */
export function rememberFlag(
  catalog: Pick<Catalog, "remember">,
  item: Pick<ItemFacts, "key" | "hashes">,
  found: { readonly sha256: string; readonly reason: string },
): void {
  const note: FlagNote = { version: SCAN_VERSION, ...found, hashes: item.hashes };
  catalog.remember(noteName(item), JSON.stringify(note));
}

/**
 * Why a file was flagged when it was fetched before, as long as the API lists the same content.
 *
 * @param catalog Keeps it
 * @param item The file as it is promised now
 * @returns The reason; `null` if nothing is known of this content
 */
export function recallFlag(
  catalog: Pick<Catalog, "recall">,
  item: Pick<ItemFacts, "key" | "hashes">,
): string | null {
  const text = catalog.recall(noteName(item));
  if (text === null) return null;
  const note = JSON.parse(text) as FlagNote;
  if (note.version !== SCAN_VERSION) return null;
  const promised = item.hashes.SHA256?.toLowerCase();
  const isSame = promised === undefined ? sameHashes(item.hashes, note.hashes) : promised === note.sha256;
  return isSame ? note.reason : null;
}

function noteName({ key }: Pick<ItemFacts, "key">): string {
  return `flagged:${key}`;
}

function sameHashes(a: ItemFacts["hashes"], b: ItemFacts["hashes"]): boolean {
  const kinds = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...kinds].every((kind) => a[kind]?.toLowerCase() === b[kind]?.toLowerCase());
}
