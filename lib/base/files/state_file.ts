import { isRecord } from "../is_record.ts";
import { cleanText } from "../clean_text.ts";
import { isDenoError } from "../is_deno_error.ts";
import { acquireLock, type AcquireLockOptions, type FileLock } from "./file_lock.ts";
import { readTextNoFollow, readTextNoFollowSync } from "./open_no_follow.ts";
import { PRIVATE_FILE_MODE } from "./private_folder.ts";
import { refuseNewer } from "./refuse_newer.ts";
import { setAside, setAsideSync } from "./set_aside.ts";
import { writeAtomic, writeAtomicSync } from "./write_atomic.ts";

/** Fields of a JSON object. */
export type StateFields = Readonly<Record<string, unknown>>;

/** The form of a state file: a JSON object with a schema, a version, and the fields of the state. */
export interface StateFormat<State> {
  /** Name of the document, such as `civitai-dl/quota`. */
  readonly schema: string;
  /** Version of the form that this program reads and writes. */
  readonly version: number;
  /**
   * Check the fields of a document of this version.
   *
   * @throws {SyntaxError} If a field is not right; the message names it
   */
  readonly parse: (fields: StateFields) => State;
  /** Return the fields to be written; absent means those of the state itself. */
  readonly format?: (state: State) => object;
  /** What it means that a damaged file is moved aside, such as `its counts are lost`. */
  readonly loss: string;
}

/**
 * Parse the text of a state file.
 *
 * @param path The file, for the message about a later version
 * @throws {SyntaxError} If the text is damaged; the message says how
 * @throws {NewerStateError} `unsafe` if a later version of the program wrote it
 */
export function parseState<State>(text: string, format: StateFormat<State>, path: string): State {
  const { schema, version, parse } = format;
  const document: unknown = JSON.parse(text);
  refuseNewer(document, { path, version });
  const fields = asFields(document, "the file");
  if (fields.schema !== schema || fields.version !== version) {
    throw new SyntaxError(`it is no "${schema}" of version ${version}`);
  }
  return parse(fields);
}

/** Return the text of a state file that {@linkcode parseState} reads. */
export function formatState<State>(state: State, format: StateFormat<State>): string {
  const { schema, version } = format;
  return `${JSON.stringify({ schema, version, ...format.format?.(state) ?? (state as object) })}\n`;
}

/**
 * Return a value as a JSON object.
 *
 * @param what Its name for the message, such as `"limits"`
 * @throws {SyntaxError} If it is none
 */
export function asFields(value: unknown, what: string): StateFields {
  if (isRecord(value)) return value;
  throw new SyntaxError(`${what} is not an object`);
}

/**
 * A small JSON file with a state. A write is atomic: after a kill, the file has the old state or the new one. A file that
 * a crash or a disk damaged is moved aside with a warning, so that it never stops a run, and nobody's data is lost. One
 * of a later version is refused, and stays as it is. Links in its place are refused too.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { StateFile } from "../mod.ts";
 *
 * const format = {
 *   schema: "example/count",
 *   version: 1,
 *   parse: ({ count }: { readonly count?: unknown }) => {
 *     if (typeof count !== "number") throw new SyntaxError('"count" is not a number');
 *     return { count };
 *   },
 *   loss: "counting starts again",
 * };
 * const file = new StateFile(`${await Deno.makeTempDir()}/count.json`, format);
 * await file.write({ count: 7 });
 * assertEquals(await file.read(), { count: 7 });
 * await Deno.writeTextFile(file.path, "{");
 * assertEquals(await file.open(console.warn), null);
 * ```
 */
export class StateFile<State> {
  /** Its path. */
  readonly path: string;
  readonly #format: StateFormat<State>;

  /**
   * Nothing is read or written yet.
   *
   * @param path The file; its folder must exist before a write
   * @param format Its form
   */
  constructor(path: string, format: StateFormat<State>) {
    this.path = path;
    this.#format = format;
  }

  /** Read the text without judging it; `null` if there is no file. */
  async readText(): Promise<string | null> {
    try {
      return await readTextNoFollow(this.path);
    } catch (error) {
      if (isDenoError(error, "NotFound", "NotADirectory")) return null;
      throw error;
    }
  }

  /** See {@linkcode parseState}. */
  parse(text: string): State {
    return parseState(text, this.#format, this.path);
  }

  /** See {@linkcode formatState}. */
  format(state: State): string {
    return formatState(state, this.#format);
  }

  /**
   * Read the state without changing anything.
   *
   * @returns The state; `null` if there is no file
   * @throws {SyntaxError} If the file is damaged
   * @throws {NewerStateError} `unsafe` if a later version of the program wrote it
   */
  async read(): Promise<State | null> {
    const text = await this.readText();
    return text === null ? null : this.parse(text);
  }

  /**
   * Read the state; a damaged file is moved aside. Only a process that may write the file calls this.
   *
   * @param onWarning Called with a line about a damaged file
   * @returns The state; `null` if there is no file, or it was damaged
   * @throws {NewerStateError} `unsafe` if a later version of the program wrote it
   */
  async open(onWarning: (message: string) => void): Promise<State | null> {
    try {
      return await this.read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      onWarning(this.#describeDamage(error, await setAside(this.path)));
      return null;
    }
  }

  /** Synchronous {@linkcode StateFile.read}, for callers that need the state at once. */
  readSync(): State | null {
    let text: string;
    try {
      text = readTextNoFollowSync(this.path);
    } catch (error) {
      if (isDenoError(error, "NotFound", "NotADirectory")) return null;
      throw error;
    }
    return this.parse(text);
  }

  /** Synchronous {@linkcode StateFile.open}. */
  openSync(onWarning: (message: string) => void): State | null {
    try {
      return this.readSync();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      onWarning(this.#describeDamage(error, setAsideSync(this.path)));
      return null;
    }
  }

  /**
   * Replace the state.
   *
   * @param state The new state
   * @param options Whether to flush it to the disk; absent means true
   */
  async write(state: State, { sync = true }: { readonly sync?: boolean } = {}): Promise<void> {
    await writeAtomic(this.path, this.format(state), { mode: PRIVATE_FILE_MODE, sync });
  }

  /** Synchronous {@linkcode StateFile.write}. */
  writeSync(state: State, { sync = true }: { readonly sync?: boolean } = {}): void {
    writeAtomicSync(this.path, this.format(state), { mode: PRIVATE_FILE_MODE, sync });
  }

  #describeDamage(error: SyntaxError, aside: string): string {
    return `Cannot read "${this.path}": ${cleanText(error.message)}; moved to "${aside}", and ${this.#format.loss}`;
  }

  /** Take the lock beside the file, for one that several processes change; see {@linkcode acquireLock}. */
  async lock(options: AcquireLockOptions): Promise<FileLock> {
    return await acquireLock(`${this.path.replace(/\.json$/, "")}.lock`, options);
  }
}
