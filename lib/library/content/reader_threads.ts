import { BLOCK_BYTES } from "../../base/mod.ts";
import READER_WORKER from "./reader_worker.js" with { type: "text" };
import type { FileHashes } from "./hash_file.ts";

/** Options of {@linkcode ReaderThreads}. */
export interface ReaderThreadsOptions {
  /**
   * Number of files that are hashed at once, each in its own thread.
   *
   * @default {Math.min(4, navigator.hardwareConcurrency)}
   */
  readonly threads?: number | undefined;
}

/** Options of {@linkcode ReaderThreads.hash} and {@linkcode ReaderThreads.read}. */
export interface ReadInThreadOptions {
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
  /** Size in bytes. */
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

/** The entries of a folder. */
export interface FolderEntries {
  /** Names of its files. */
  readonly files: readonly string[];
  /** Names of the folders in it. */
  readonly folders: readonly string[];
  /** Names of the links in it. */
  readonly links: readonly string[];
}

/** The entries of a folder, or why it could not be read. */
export type FolderListing =
  | { readonly type: "entries"; readonly entries: FolderEntries }
  | { readonly type: "error"; readonly error: Error };

/** A message from a worker: bytes of a job that takes long, or its answer. */
type Message =
  | { readonly type: "bytes"; readonly id: number; readonly bytes: number }
  | { readonly type: "done"; readonly id: number; readonly answer: unknown };

/** What a worker says of a group of files. */
interface GroupAnswer {
  readonly answers: readonly Answer[];
  /** Bytes read since the last progress message. */
  readonly unreported: number;
}

/** What a worker says of a folder; the names of each kind are one text. */
type ListAnswer =
  | { readonly type: "entries"; readonly files: string; readonly folders: string; readonly links: string }
  | { readonly type: "error"; readonly name: string; readonly message: string };

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

interface Job {
  readonly message: Readonly<Record<string, unknown>>;
  readonly onBytes: (count: number) => void;
  readonly result: PromiseWithResolvers<unknown>;
}

/** A thread and the ids of its jobs: one that is under way, and one that waits for it to finish. */
interface Thread {
  readonly worker: Worker;
  readonly jobs: number[];
}

/** More readers can slow a disk down, and with four threads the processor is no longer the bottleneck. */
const MAX_THREADS = 4;
const JOBS_PER_THREAD = 2;
/** Files of a group: so many that its messages cost little, so few that no thread waits for the last groups. */
const GROUP_FILES = 64;
/** A larger file is a group of its own, so that each thread has one. */
const GROUP_BYTES = 4 << 20;
/** Stands for the SHA-256 of a file of which nothing is recorded. */
const NO_SHA256 = " ".repeat(64);

/**
 * Group files for {@linkcode ReaderThreads.read}, in their order.
 *
 * @param files Files with their sizes, as far as they are known
 * @returns The groups; none is empty
 */
export function* groupFiles<T extends { readonly sizeBytes: number | null }>(
  files: Iterable<T>,
): Generator<readonly T[]> {
  let group: T[] = [];
  let bytes = 0;
  for (const file of files) {
    const size = file.sizeBytes ?? 0;
    if (group.length > 0 && (bytes + size > GROUP_BYTES || group.length >= GROUP_FILES)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(file);
    bytes += size;
  }
  if (group.length > 0) yield group;
}

/**
 * Reads whole files and lists folders in several threads, for callers that go through an entire library.
 * {@linkcode hashFile} hashes one file, and also computes other kinds of hashes. The threads start with the first job;
 * dispose the pool to end them.
 */
export class ReaderThreads implements Disposable {
  readonly #maxThreads: number;
  readonly #threads: Thread[] = [];
  readonly #jobs = new Map<number, Job>();
  readonly #waiting: number[] = [];
  #lastId = 0;
  #isDisposed = false;

  /** Creates an idle pool without threads. */
  constructor(options: ReaderThreadsOptions = {}) {
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
  async hash(path: string, options: ReadInThreadOptions = {}): Promise<ContentDigests> {
    const readings = await this.#read([{ path, recorded: null }], { ...options, followsLinks: true });
    const reading = readings.get(0)!;
    if (reading.type === "digests") return reading.digests;
    throw reading.type === "error" ? reading.error : new TypeError(`Cannot hash "${path}": it is not a file`);
  }

  /**
   * Read a group of files in one thread, and find out which are not as recorded. A group takes two messages, each of
   * which takes as long as reading a small file; {@linkcode groupFiles} makes the groups.
   *
   * @param files The files
   * @param options Signal, progress
   * @returns What was found of the files that are not as recorded, by index; all others are
   * @throws The signal's reason if it is aborted
   * @throws {DOMException} `AbortError` if the pool is disposed
   */
  async read(
    files: readonly FileToRead[],
    options: ReadInThreadOptions = {},
  ): Promise<ReadonlyMap<number, FileReading>> {
    if (files.length === 0) return new Map();
    return await this.#read(files, { ...options, followsLinks: false });
  }

  /**
   * List the entries of folders in one thread.
   *
   * @param paths Absolute paths of the folders
   * @param options Signal
   * @returns The entries of each, in the same order; links are not followed
   * @throws The signal's reason if it is aborted
   * @throws {DOMException} `AbortError` if the pool is disposed
   */
  async list(
    paths: readonly string[],
    options: Pick<ReadInThreadOptions, "signal"> = {},
  ): Promise<readonly FolderListing[]> {
    if (paths.length === 0) return [];
    return (await this.#run({ type: "list", paths: paths.join("\0") }, options) as readonly ListAnswer[]).map(
      listingOf,
    );
  }

  /** End the threads. Pending calls are rejected. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    for (const { worker } of this.#threads.splice(0)) worker.terminate();
    for (const { result } of this.#jobs.values()) result.reject(disposed());
  }

  async #read(
    files: readonly FileToRead[],
    options: ReadInThreadOptions & { readonly followsLinks: boolean },
  ): Promise<ReadonlyMap<number, FileReading>> {
    const { onBytes = () => {}, followsLinks } = options;
    const message = { type: "read", ...pack(files), followsLinks, blockBytes: BLOCK_BYTES };
    const { answers, unreported } = await this.#run(message, options) as GroupAnswer;
    if (unreported > 0) onBytes(unreported);
    return new Map(answers.map((answer) => [answer.index, readingOf(answer)]));
  }

  async #run(message: Job["message"], options: ReadInThreadOptions): Promise<unknown> {
    const { signal, onBytes = () => {} } = options;
    signal?.throwIfAborted();
    if (this.#isDisposed) throw disposed();
    const id = ++this.#lastId;
    const result = Promise.withResolvers<unknown>();
    this.#jobs.set(id, { message, onBytes, result });
    this.#waiting.push(id);
    this.#assign();
    const stop = (): void => result.reject(signal!.reason);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await result.promise;
    } finally {
      signal?.removeEventListener("abort", stop);
      this.#jobs.delete(id);
    }
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#freeThread();
      if (thread === undefined) return;
      const id = this.#waiting.shift()!;
      const job = this.#jobs.get(id);
      // Nobody waits for it any more.
      if (job === undefined) continue;
      thread.jobs.push(id);
      thread.worker.postMessage({ id, ...job.message });
    }
  }

  /** Return an idle thread, otherwise a new one, otherwise one with only one job; `undefined` if all are busy. */
  #freeThread(): Thread | undefined {
    const idle = this.#threads.find(({ jobs }) => jobs.length === 0);
    if (idle !== undefined) return idle;
    if (this.#threads.length < this.#maxThreads) return this.#start();
    return this.#threads.find(({ jobs }) => jobs.length < JOBS_PER_THREAD);
  }

  #start(): Thread {
    const worker = new Worker(`data:text/javascript;base64,${btoa(READER_WORKER)}`, { type: "module" });
    const thread: Thread = { worker, jobs: [] };
    worker.onmessage = ({ data }: MessageEvent<Message>) => this.#onMessage(thread, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#replace(thread, new Error(event.message));
    };
    this.#threads.push(thread);
    return thread;
  }

  /** End a thread that failed outside of a file, and reject its jobs. Waiting jobs get a new thread. */
  #replace(thread: Thread, error: Error): void {
    const index = this.#threads.indexOf(thread);
    if (index === -1) return;
    this.#threads.splice(index, 1);
    thread.worker.terminate();
    for (const id of thread.jobs) this.#jobs.get(id)?.result.reject(error);
    this.#assign();
  }

  #onMessage(thread: Thread, message: Message): void {
    const job = this.#jobs.get(message.id);
    if (message.type === "bytes") return job?.onBytes(message.bytes);
    // A thread works on its jobs in order.
    thread.jobs.shift();
    this.#assign();
    job?.result.resolve(message.answer);
  }
}

/** Pack a group of files into a few long values: a message with an object for each takes far longer. */
function pack(files: readonly FileToRead[]): Readonly<Record<string, unknown>> {
  const paths = files.map(({ path }) => path).join("\0");
  if (files.every(({ recorded }) => recorded === null)) return { paths, recorded: null };
  const sha256 = files.map(({ recorded }) => recorded?.sha256 ?? NO_SHA256).join("");
  const numbers = new Float64Array(2 * files.length);
  for (const [index, { recorded }] of files.entries()) {
    if (recorded === null) continue;
    numbers[2 * index] = recorded.sizeBytes;
    numbers[2 * index + 1] = recorded.mtimeMs;
  }
  return { paths, recorded: { sha256, numbers } };
}

function listingOf(answer: ListAnswer): FolderListing {
  if (answer.type === "error") return { type: "error", error: errorOf(answer) };
  const { files, folders, links } = answer;
  return { type: "entries", entries: { files: unpack(files), folders: unpack(folders), links: unpack(links) } };
}

function unpack(names: string): readonly string[] {
  return names === "" ? [] : names.split("\0");
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
  return new DOMException("The reader threads are disposed", "AbortError");
}

/** Recreate an error from a thread, which can send only strings. Callers check the class of the error. */
function errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
  const known = (Deno.errors as Readonly<Record<string, (new (message: string) => Error) | undefined>>)[name];
  if (known !== undefined) return new known(message);
  const error = new Error(message);
  error.name = name;
  return error;
}
