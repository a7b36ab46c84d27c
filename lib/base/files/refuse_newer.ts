import { KitError } from "../kit_error.ts";
import { shell } from "../quote_word.ts";

/** A state file has a later format than this program knows. It is never moved aside. */
export class NewerStateError extends KitError {
  /** The name that stack traces print. */
  override name = "NewerStateError";
}

/** Options of {@linkcode refuseNewer}. */
export interface RefuseNewerOptions {
  /** The file, for the message. */
  readonly path: string;
  /** Format that this program writes. */
  readonly version: number;
}

/**
 * Refuse a state file whose format is later than that of this program. Every store calls this before it judges anything
 * else of the file: a later format may have fields that look damaged to this program, and a damaged file is moved aside.
 *
 * @param document The parsed file; its format is the whole number in `version`
 * @throws {NewerStateError} `unsafe` for a later format; the file stays as it is
 */
export function refuseNewer(document: unknown, { path, version }: RefuseNewerOptions): void {
  if (typeof document !== "object" || document === null || !("version" in document)) return;
  const { version: found } = document;
  if (!Number.isSafeInteger(found) || (found as number) <= version) return;
  const state = `a later version of civitai-dl wrote it (format ${found}; this program reads format ${version})`;
  throw new NewerStateError("unsafe", `Cannot use "${path}": ${state}`, {
    hint:
      shell`Update the program (docs/guide/updating.md). To give up what is in it: mv -i ${path} ${`${path}.later`}`,
  });
}
