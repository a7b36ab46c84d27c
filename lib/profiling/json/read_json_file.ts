import { KitError, readReason } from "../../base/mod.ts";
import { JsonReader } from "./json_reader.ts";

/** Options of {@linkcode readJsonFile}. */
export interface ReadJsonFileOptions {
  /** What the file should be, for errors, such as "a CPU profile". */
  readonly what: string;
  /** What to do about a file that cannot be read. */
  readonly hint: string;
  /**
   * Its bytes, if they were read already, such as those of a pipe. Reading the file cannot be interrupted.
   *
   * @default {those of the file}
   */
  readonly bytes?: Uint8Array | undefined;
}

/**
 * Open a file and read it as JSON from front to back.
 *
 * @param path The file
 * @param read Reads the document
 * @param options What the file should be
 * @returns What `read` returns
 * @throws {KitError} `usage` if there is no such file or it is not JSON
 */
export function readJsonFile<T>(path: string, read: (reader: JsonReader) => T, options: ReadJsonFileOptions): T {
  const { what, hint, bytes } = options;
  try {
    using file = bytes === undefined ? Deno.openSync(path) : undefined;
    const reader = new JsonReader(file === undefined ? readerOf(bytes!) : (buffer) => file.readSync(buffer));
    if (!reader.isObject()) throw new SyntaxError(`it is not ${what}`);
    const result = read(reader);
    reader.end();
    return result;
  } catch (error) {
    if (error instanceof KitError || error instanceof Deno.errors.NotCapable) throw error;
    if (error instanceof SyntaxError) {
      const reason = error.message.replace("Cannot read JSON at", "damaged or cut off at");
      throw new KitError("usage", `Cannot read "${path}": ${reason}`, { cause: error, hint });
    }
    if (error instanceof Error && "code" in error) {
      throw new KitError("usage", `Cannot read "${path}": ${readReason(error)}`, { cause: error, hint });
    }
    throw error;
  }
}

/** Read bytes in memory piece by piece, as from a file. */
function readerOf(bytes: Uint8Array): (buffer: Uint8Array) => number | null {
  let offset = 0;
  return (buffer) => {
    const piece = bytes.subarray(offset, offset + buffer.length);
    buffer.set(piece);
    offset += piece.length;
    return piece.length === 0 ? null : piece.length;
  };
}
