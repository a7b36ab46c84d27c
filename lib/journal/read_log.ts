import { abortable } from "@std/async";
import { resolve } from "node:path";
import { listChain } from "./log_chain.ts";
import { LineSplitter, type SplitCounts } from "./_line_splitter.ts";

/** Where bytes come from. */
export interface LogSource {
  /** Read some bytes into the buffer; returns how many, or `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** Options of {@linkcode readLog}. */
export interface ReadLogOptions {
  /**
   * Called with the first bytes of each file, before its lines; throw to stop. An example is a check that the file is
   * text.
   */
  readonly onFile?: ((path: string, head: Uint8Array) => void) | undefined;
  /**
   * What the path `-` reads.
   *
   * @default {Deno.stdin}
   */
  readonly input?: LogSource | undefined;
  /** Called with each line, without its line break; also with a last line that has none. */
  readonly onLine: (line: string) => void;
  /** Stops reading; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@linkcode readLog} has read. */
export interface LogReading {
  /** The files, oldest first, and how many bytes of each were read; none if there is no such log. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Number of lines that were left out because they are too long. */
  readonly tooLong: number;
}

/** Longer lines are counted, but not returned. */
const MAX_LINE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/**
 * Read a whole log from its oldest rotated file on, while other processes may write and rotate it. Files are opened
 * before the first line is read, and each is read up to the size that it had then, so that a log that grows does not
 * keep the reader busy forever. Memory does not grow with the log.
 *
 * @param path The log; `-` for standard input
 * @returns The files that were read, none if there is no log
 * @throws {Error} If a file exists, but cannot be read
 */
export async function readLog(path: string, options: ReadLogOptions): Promise<LogReading> {
  const { input = Deno.stdin, onFile = () => {}, onLine, signal } = options;
  const counts: SplitCounts = { tooLong: 0, withNulBytes: 0 };
  const files: { path: string; bytes: number }[] = [];
  const opened: Deno.FsFile[] = [];
  const buffer = new Uint8Array(CHUNK_BYTES);
  const readAll = async (name: string, source: LogSource, size: number): Promise<void> => {
    const splitter = new LineSplitter({ maxBytes: MAX_LINE_BYTES, counts });
    let bytes = 0;
    while (bytes < size) {
      signal?.throwIfAborted();
      const count = await source.read(buffer.subarray(0, Math.min(CHUNK_BYTES, size - bytes)));
      // The file was truncated meanwhile, or the input has ended.
      if (count === null) break;
      if (bytes === 0) onFile(name, buffer.subarray(0, count));
      bytes += count;
      for (const line of splitter.push(buffer.subarray(0, count))) onLine(line);
    }
    const last = splitter.finish();
    if (last !== undefined) onLine(last);
    files.push({ path: name, bytes });
  };
  try {
    if (path === "-") {
      await readAll("standard input", abortableSource(input, signal), Infinity);
      return { files, tooLong: counts.tooLong };
    }
    for (const { path: name, file } of await openChain(path, { opened, signal })) {
      const { isFile, size } = await file.stat();
      // A pipe has no size.
      if (isFile) await readAll(name, file, size);
      else await readAll(name, abortableSource(file, signal), Infinity);
    }
  } finally {
    for (const file of opened) file.close();
  }
  return { files, tooLong: counts.tooLong };
}

/** Standard input and pipes may never have the next byte. */
function abortableSource(source: LogSource, signal: AbortSignal | undefined): LogSource {
  if (signal === undefined) return source;
  return { read: (buffer) => abortable(source.read(buffer), signal) };
}

interface OpenedFile {
  readonly path: string;
  readonly file: Deno.FsFile;
}

/** Open the files, oldest first. A rotation meanwhile may show a file under two names: it is opened once. */
async function openChain(
  path: string,
  options: {
    readonly opened: Deno.FsFile[];
    readonly signal: AbortSignal | undefined;
  },
): Promise<readonly OpenedFile[]> {
  const { opened, signal } = options;
  const seen = new Set<string>();
  const files: OpenedFile[] = [];
  // Newest first: a file that is renamed meanwhile gets a higher number, and is not missed.
  for (const { path: name } of await listChain(path)) {
    const file = await openOrNull(name, signal);
    if (file === null) continue;
    opened.push(file);
    const { dev, ino } = await file.stat();
    const identity = ino === null ? resolve(name) : `${dev}:${ino}`;
    if (!seen.has(identity)) files.push({ path: name, file });
    seen.add(identity);
  }
  return files.toReversed();
}

/** Opening a pipe waits for somebody to write to it. */
async function openOrNull(path: string, signal: AbortSignal | undefined): Promise<Deno.FsFile | null> {
  const opening = Deno.open(path);
  try {
    return signal === undefined ? await opening : await abortable(opening, signal);
  } catch (error) {
    if (signal?.aborted) opening.then((file) => file.close(), () => {});
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
