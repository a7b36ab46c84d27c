import { BLOCK_BYTES } from "../../base/mod.ts";
import FILE_HASH_WORKER from "./file_hash_worker.js" with { type: "text" };
import type { FileHashes } from "./hash_file.ts";

/** Options of {@linkcode FileHashers}. */
export interface FileHashersOptions {
  /**
   * Number of files that are hashed at once, each in its own thread.
   *
   * @default {Math.min(4, navigator.hardwareConcurrency)}
   */
  readonly threads?: number | undefined;
}

/** Options of {@linkcode FileHashers.hash} and {@linkcode FileHashers.read}. */
export interface HashInThreadOptions {
  /** Stops waiting for the result; the thread itself ends with the pool. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes read since the last call. */
  readonly onBytes?: ((count: number) => void) | undefined;
}

/** The digests that identify the content of a file. */
export type ContentDigests = Pick<FileHashes, "sha256" | "autov2" | "crc32" | "blocks" | "sizeBytes">;

/** What is known about a file before it is read. */
export interface RecordedFile {
  /** SHA-256 in lower case. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Modification time in milliseconds since the epoch. */
  readonly mtimeMs: number;
}

/** A file to read. */
export interface FileToRead {
  /** Absolute path. */
  readonly path: string;
  /** `null` if the digests are wanted in any case. */
  readonly recorded: RecordedFile | null;
}

/**
 * What was found of a file that is not as recorded: its digests, why it could not be read, or that it is a link, a
 * folder, a device or a pipe, which is not read.
 */
export type FileReading =
  | { readonly type: "digests"; readonly digests: ContentDigests; readonly mtimeMs: number }
  | { readonly type: "error"; readonly error: Error }
  | { readonly type: "special" };

/** A message from a worker: bytes of a group that takes long, or all of its answers. */
type Message =
  | { readonly type: "bytes"; readonly id: number; readonly bytes: number }
  | {
    readonly type: "done";
    readonly id: number;
    readonly answers: readonly Answer[];
    /** Bytes read since the last progress message. */
    readonly unreported: number;
  };

/** What a worker says of a file that is not as recorded. */
type Answer =
  & { readonly index: number }
  & (
    | { readonly type: "special" }
    | { readonly type: "error"; readonly name: string; readonly message: string }
    | {
      readonly type: "digests";
      readonly sha256: string;
      readonly crc: number;
      readonly blocks: readonly number[];
      readonly sizeBytes: number;
      readonly mtimeMs: number;
    }
  );

interface Group {
  readonly files: readonly FileToRead[];
  readonly followsLinks: boolean;
  readonly onBytes: (count: number) => void;
  readonly result: PromiseWithResolvers<ReadonlyMap<number, FileReading>>;
}

/** A thread and its groups: one that is being read, and one that waits for it to finish. */
interface Thread {
  readonly worker: Worker;
  readonly groups: number[];
}

/** More readers can slow a disk down, and with four threads the processor is no longer the bottleneck. */
const MAX_THREADS = 4;
const GROUPS_PER_THREAD = 2;
/** Stands for the SHA-256 of a file of which nothing is recorded. */
const NO_SHA256 = " ".repeat(64);

/**
 * Reads whole files in several threads, for callers that go through an entire library. {@linkcode hashFile} hashes one
 * file, and also computes other kinds of hashes. The threads start with the first file; dispose the pool to end them.
 */
export class FileHashers implements Disposable {
  readonly #maxThreads: number;
  readonly #threads: Thread[] = [];
  readonly #groups = new Map<number, Group>();
  readonly #waiting: number[] = [];
  #lastId = 0;
  #isDisposed = false;

  /** Creates an idle pool without threads. */
  constructor(options: FileHashersOptions = {}) {
    const { threads = Math.min(MAX_THREADS, navigator.hardwareConcurrency) } = options;
    this.#maxThreads = Math.max(1, threads);
  }

  /**
   * Hash a file. A link is followed.
   *
   * @param path The file
   * @param options Signal, progress
   * @returns SHA-256, AutoV2, CRC-32 and size of the file, and the CRC-32 of each block
   * @throws The error of the file system if the file cannot be read, or the signal's reason if it is aborted
   * @throws {DOMException} `AbortError` if the pool is disposed
   */
  async hash(path: string, options: HashInThreadOptions = {}): Promise<ContentDigests> {
    const readings = await this.#read([{ path, recorded: null }], { ...options, followsLinks: true });
    const reading = readings.get(0)!;
    if (reading.type === "digests") return reading.digests;
    throw reading.type === "error" ? reading.error : new TypeError(`Cannot hash "${path}": it is not a file`);
  }

  /**
   * Read a group of files in one thread, and find out which are not as recorded. A group takes two messages, each of
   * which takes as long as reading a small file; that of a large file should have no others. Without a difference, a
   * file's blocks have no digests.
   *
   * @param files The files
   * @param options Signal, progress
   * @returns What was found of the files that are not as recorded, by index; all others are
   * @throws The signal's reason if it is aborted
   * @throws {DOMException} `AbortError` if the pool is disposed
   */
  async read(
    files: readonly FileToRead[],
    options: HashInThreadOptions = {},
  ): Promise<ReadonlyMap<number, FileReading>> {
    if (files.length === 0) return new Map();
    return await this.#read(files, { ...options, followsLinks: false });
  }

  /** End the threads. Pending calls are rejected. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    for (const { worker } of this.#threads.splice(0)) worker.terminate();
    for (const { result } of this.#groups.values()) result.reject(disposed());
  }

  async #read(
    files: readonly FileToRead[],
    options: HashInThreadOptions & { readonly followsLinks: boolean },
  ): Promise<ReadonlyMap<number, FileReading>> {
    const { signal, onBytes = () => {}, followsLinks } = options;
    signal?.throwIfAborted();
    if (this.#isDisposed) throw disposed();
    const id = ++this.#lastId;
    const result = Promise.withResolvers<ReadonlyMap<number, FileReading>>();
    this.#groups.set(id, { files, followsLinks, onBytes, result });
    this.#waiting.push(id);
    this.#assign();
    const stop = (): void => result.reject(signal!.reason);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await result.promise;
    } finally {
      signal?.removeEventListener("abort", stop);
      this.#groups.delete(id);
    }
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#freeThread();
      if (thread === undefined) return;
      const id = this.#waiting.shift()!;
      const group = this.#groups.get(id);
      // Nobody waits for it any more.
      if (group === undefined) continue;
      thread.groups.push(id);
      thread.worker.postMessage({ id, ...messageOf(group), blockBytes: BLOCK_BYTES });
    }
  }

  /** Return an idle thread, otherwise a new one, otherwise one with only one group; `undefined` if all are busy. */
  #freeThread(): Thread | undefined {
    const idle = this.#threads.find(({ groups }) => groups.length === 0);
    if (idle !== undefined) return idle;
    if (this.#threads.length < this.#maxThreads) return this.#start();
    return this.#threads.find(({ groups }) => groups.length < GROUPS_PER_THREAD);
  }

  #start(): Thread {
    const worker = new Worker(`data:text/javascript;base64,${btoa(FILE_HASH_WORKER)}`, { type: "module" });
    const thread: Thread = { worker, groups: [] };
    worker.onmessage = ({ data }: MessageEvent<Message>) => this.#onMessage(thread, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#replace(thread, new Error(event.message));
    };
    this.#threads.push(thread);
    return thread;
  }

  /** End a thread that failed outside of a file, and reject its groups. Waiting groups get a new thread. */
  #replace(thread: Thread, error: Error): void {
    const index = this.#threads.indexOf(thread);
    if (index === -1) return;
    this.#threads.splice(index, 1);
    thread.worker.terminate();
    for (const id of thread.groups) this.#groups.get(id)?.result.reject(error);
    this.#assign();
  }

  #onMessage(thread: Thread, message: Message): void {
    const group = this.#groups.get(message.id);
    if (message.type === "bytes") return group?.onBytes(message.bytes);
    // A thread works on its groups in order.
    thread.groups.shift();
    this.#assign();
    if (message.unreported > 0) group?.onBytes(message.unreported);
    group?.result.resolve(new Map(message.answers.map((answer) => [answer.index, readingOf(answer)])));
  }
}

/** The files of a group as a few long values: a message with an object for each takes far longer. */
function messageOf({ files, followsLinks }: Group): Readonly<Record<string, unknown>> {
  const paths = files.map(({ path }) => path).join("\0");
  if (files.every(({ recorded }) => recorded === null)) return { paths, followsLinks, recorded: null };
  const sha256 = files.map(({ recorded }) => recorded?.sha256 ?? NO_SHA256).join("");
  const numbers = new Float64Array(2 * files.length);
  for (const [index, { recorded }] of files.entries()) {
    if (recorded !== null) numbers.set([recorded.sizeBytes, recorded.mtimeMs], 2 * index);
  }
  return { paths, followsLinks, recorded: { sha256, numbers } };
}

function readingOf(answer: Answer): FileReading {
  switch (answer.type) {
    case "special":
      return { type: "special" };
    case "error":
      return { type: "error", error: errorOf(answer) };
    case "digests": {
      const { sha256, crc, blocks, sizeBytes, mtimeMs } = answer;
      const digests = {
        sha256,
        autov2: sha256.slice(0, 10),
        crc32: crc.toString(16).padStart(8, "0"),
        blocks: Uint32Array.from(blocks),
        sizeBytes,
      };
      return { type: "digests", digests, mtimeMs };
    }
  }
}

function disposed(): DOMException {
  return new DOMException("The hashers are disposed", "AbortError");
}

/** Recreate an error from a thread, which can send only strings. Callers check the class of the error. */
function errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
  const known = (Deno.errors as Readonly<Record<string, (new (message: string) => Error) | undefined>>)[name];
  if (known !== undefined) return new known(message);
  const error = new Error(message);
  error.name = name;
  return error;
}
