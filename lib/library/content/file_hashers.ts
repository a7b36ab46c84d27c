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

/** Options of {@linkcode FileHashers.hash}. */
export interface HashInThreadOptions {
  /** Stops waiting for the result; the thread itself ends with the pool. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes read since the last call. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /** Size of the file as far as it is known: small files go to a thread in groups. */
  readonly sizeBytes?: number | undefined;
}

/** The digests that identify the content of a file. */
export type ContentDigests = Pick<FileHashes, "sha256" | "autov2" | "blocks" | "sizeBytes">;

/** A message from a worker: bytes of a large file, or the answers to the whole group. */
type Message =
  | { readonly type: "bytes"; readonly id: number; readonly bytes: number }
  | { readonly type: "done"; readonly answers: readonly Answer[] };

/** What a worker says of a file. */
type Answer =
  | { readonly id: number; readonly type: "error"; readonly name: string; readonly message: string }
  | {
    readonly id: number;
    readonly type: "finished";
    readonly sha256: string;
    readonly blocks: readonly number[];
    readonly sizeBytes: number;
    /** Bytes read since the last progress message. */
    readonly unreported: number;
  };

interface Job {
  readonly path: string;
  readonly isSmall: boolean;
  readonly onBytes: (count: number) => void;
  readonly result: PromiseWithResolvers<ContentDigests>;
}

/** A thread and its groups of jobs: one that is running, and one that waits for it to finish. */
interface Thread {
  readonly worker: Worker;
  readonly groups: (readonly number[])[];
}

/** More readers can slow a disk down, and with four threads the processor is no longer the bottleneck. */
const MAX_THREADS = 4;
const GROUPS_PER_THREAD = 2;
/** A smaller file is hashed in less time than a message takes. */
const SMALL_BYTES = 128 << 10;
/** Small files in a group: few enough that no thread has all while another has none. */
const GROUP = 16;

/**
 * Hashes whole files in several threads, for callers that read an entire library. {@linkcode hashFile} does the same
 * for one file, and also computes other kinds of hashes. The threads start with the first file; dispose the pool to end
 * them.
 */
export class FileHashers implements Disposable {
  readonly #maxThreads: number;
  readonly #threads: Thread[] = [];
  readonly #jobs = new Map<number, Job>();
  readonly #waiting: number[] = [];
  #lastId = 0;
  #isDisposed = false;

  /** Creates an idle pool without threads. */
  constructor(options: FileHashersOptions = {}) {
    const { threads = Math.min(MAX_THREADS, navigator.hardwareConcurrency) } = options;
    this.#maxThreads = Math.max(1, threads);
  }

  /**
   * Hash a file.
   *
   * @param path The file
   * @param options Signal, progress
   * @returns SHA-256, AutoV2 and size of the file, and the CRC-32 of each block
   * @throws The error of the file system if the file cannot be read, or the signal's reason if it is aborted
   * @throws {DOMException} `AbortError` if the pool is disposed
   */
  async hash(path: string, options: HashInThreadOptions = {}): Promise<ContentDigests> {
    const { signal, onBytes = () => {}, sizeBytes = Infinity } = options;
    signal?.throwIfAborted();
    if (this.#isDisposed) throw disposed();
    const id = ++this.#lastId;
    const result = Promise.withResolvers<ContentDigests>();
    this.#jobs.set(id, { path, isSmall: sizeBytes <= SMALL_BYTES, onBytes, result });
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

  /** End the threads. Pending calls of `hash` are rejected. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    for (const { worker } of this.#threads.splice(0)) worker.terminate();
    for (const { result } of this.#jobs.values()) result.reject(disposed());
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#freeThread();
      if (thread === undefined) return;
      const group = this.#takeGroup();
      if (group.length === 0) return;
      thread.groups.push(group);
      const jobs = group.map((id) => ({ id, path: this.#jobs.get(id)!.path }));
      thread.worker.postMessage({ jobs, blockBytes: BLOCK_BYTES });
    }
  }

  /** Take the next large file, or the next small ones, without those that nobody waits for any more. */
  #takeGroup(): readonly number[] {
    const group: number[] = [];
    while (this.#waiting.length > 0 && group.length < GROUP) {
      const job = this.#jobs.get(this.#waiting[0]!);
      if (job !== undefined && !job.isSmall && group.length > 0) break;
      const id = this.#waiting.shift()!;
      if (job === undefined) continue;
      group.push(id);
      if (!job.isSmall) break;
    }
    return group;
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

  /** End a thread that failed outside of a file, and reject its jobs. Waiting jobs get a new thread. */
  #replace(thread: Thread, error: Error): void {
    const index = this.#threads.indexOf(thread);
    if (index === -1) return;
    this.#threads.splice(index, 1);
    thread.worker.terminate();
    for (const id of thread.groups.flat()) this.#jobs.get(id)?.result.reject(error);
    this.#assign();
  }

  #onMessage(thread: Thread, message: Message): void {
    if (message.type === "bytes") return this.#jobs.get(message.id)?.onBytes(message.bytes);
    // A thread works on its groups in order.
    thread.groups.shift();
    this.#assign();
    for (const answer of message.answers) this.#settle(answer);
  }

  #settle(answer: Answer): void {
    const job = this.#jobs.get(answer.id);
    if (answer.type === "error") return job?.result.reject(errorOf(answer));
    if (answer.unreported > 0) job?.onBytes(answer.unreported);
    job?.result.resolve(digestsOf(answer));
  }
}

function digestsOf({ sha256, blocks, sizeBytes }: Answer & { readonly type: "finished" }): ContentDigests {
  return { sha256, autov2: sha256.slice(0, 10), blocks: Uint32Array.from(blocks), sizeBytes };
}

function disposed(): DOMException {
  return new DOMException("The hashers are disposed", "AbortError");
}

/** Recreate an error from a thread, which can send only strings. Callers check the class of the error. */
function errorOf({ name, message }: Answer & { readonly type: "error" }): Error {
  const known = (Deno.errors as Readonly<Record<string, (new (message: string) => Error) | undefined>>)[name];
  if (known !== undefined) return new known(message);
  const error = new Error(message);
  error.name = name;
  return error;
}
