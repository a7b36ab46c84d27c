import { cleanText, cutText } from "../base/mod.ts";
import type { ModelFile } from "../civitai/mod.ts";
import { FailureError } from "../failsafe/mod.ts";
import { type Catalog, type ItemFacts, mayHoldPickles } from "../library/mod.ts";

/** Where flagged files go, and only with `--allow-flagged`: below the library, and where no program looks for models. */
const FLAGGED_FOLDER = "quarantine";
/** No program loads a file of this ending. */
const ENDING = ".flagged";
/** Judgements of an older list of imports are made anew. */
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
 * @param path Where it would go if nobody flagged it
 * @returns A path below `quarantine/`
 */
export function flaggedPath(path: string): string {
  return isFlaggedPath(path) ? path : `${FLAGGED_FOLDER}/${path.slice(path.lastIndexOf("/") + 1)}${ENDING}`;
}

/**
 * The name that a file has, or would have if nobody flagged it: its extension says what it must be.
 *
 * @param path Relative to the library
 * @returns The name without folders
 */
export function plainName(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return isFlaggedPath(path) ? name.slice(0, -ENDING.length) : name;
}

/**
 * Say why Civitai calls a file dangerous. `Pending` and `Error` say that its scanners have not, or could not, look: that is
 * no reason, since what comes is looked at here in any case. Formats without code are never held up.
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

/** A file came whole, and what is in it is not to be loaded. */
export class FlaggedError extends FailureError {
  /** The name that stack traces print. */
  override name = "FlaggedError";
  /** Why, for a person. */
  readonly reason: string;

  /**
   * Make one.
   *
   * @param path Where the file would have gone
   * @param reason Why it does not
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
 * What was found in a file when it was fetched before, as long as the same content is promised.
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
