import { BLOCK_BYTES } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import type { FileDigests, FollowOptions, HashFollower } from "./hash_follower.ts";
import HASH_WORKER from "./hash_worker.js" with { type: "text" };

/** A message from the worker. */
type Answer =
  | { readonly id: number; readonly type: "settled" }
  | { readonly id: number; readonly type: "block" | "bad"; readonly index: number; readonly crc: number }
  | { readonly id: number; readonly type: "finished"; readonly sha256: string; readonly blocks: readonly number[] }
  | { readonly id: number; readonly type: "error"; readonly message: string }
  | {
    readonly id: number;
    readonly type: "written" | "refused";
    readonly write: number;
    readonly hashedBytes: number;
  };

/** One file that the worker hashes. */
interface Job {
  readonly path: string;
  readonly options: FollowOptions;
  readonly settled: (() => void)[];
  readonly finished: PromiseWithResolvers<FileDigests>;
  /** Bytes that the worker has hashed, as far as it has said. */
  hashedBytes: number;
}

/** A write that the worker has not answered. */
interface PendingWrite {
  readonly path: string;
  readonly done: PromiseWithResolvers<boolean>;
}

/**
 * Hashes files in a separate thread, which reads back what has been written, or writes it itself. The read loop
 * therefore never waits for the hash, and memory holds no second copy. One thread serves all files in turn, because it
 * hashes faster than a line delivers bytes, and each additional thread would cost ten megabytes. It starts with the
 * first file; dispose the pool to end it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { HashPool } from "@civitai-dl/civitai-dl/transfer";
 *
 * const path = await Deno.makeTempFile();
 * using pool = new HashPool();
 * using follower = pool.follow(path, { offset: 0, blocks: [] });
 * const bytes = new TextEncoder().encode("hello");
 * await Deno.writeFile(path, bytes);
 * follower.advance(bytes, bytes.length);
 * const { sha256 } = await follower.finish(bytes.length);
 * assertEquals(sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
 * ```
 */
export class HashPool implements Disposable {
  readonly #jobs = new Map<number, Job>();
  readonly #writes = new Map<number, PendingWrite>();
  #worker: Worker | undefined;
  #lastId = 0;
  #lastWrite = 0;

  /**
   * Begin to hash a file that is being written.
   *
   * @param path The file; its first `offset` bytes exist
   * @param options Existing bytes and callbacks
   * @returns The follower
   */
  follow(path: string, options: FollowOptions): HashFollower {
    const worker = this.#worker ??= this.#start();
    const id = ++this.#lastId;
    const job: Job = { path, options, settled: [], finished: Promise.withResolvers(), hashedBytes: 0 };
    // finish() reports a failure; until it is called, the rejection must not count as unhandled.
    job.finished.promise.catch(() => {});
    this.#jobs.set(id, job);
    const { offset, blocks, file } = options;
    const output = file === undefined ? undefined : identityOf(file);
    worker.postMessage({ id, type: "open", path, bytes: offset, blockBytes: BLOCK_BYTES, known: blocks, output });
    return {
      write: file === undefined ? undefined : (bytes, position) => this.#write(worker, { id, path, bytes, position }),
      advance(_bytes, position) {
        if (position > job.hashedBytes) worker.postMessage({ id, type: "frontier", bytes: position });
      },
      settle() {
        worker.postMessage({ id, type: "settle" });
        return Promise.race([
          new Promise<void>((resolve) => job.settled.push(resolve)),
          job.finished.promise.then(() => {}),
        ]);
      },
      finish(totalBytes) {
        worker.postMessage({ id, type: "finish", bytes: totalBytes });
        return job.finished.promise;
      },
      [Symbol.dispose]: () => {
        if (this.#jobs.delete(id)) worker.postMessage({ id, type: "close" });
      },
    };
  }

  /** End the thread. */
  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#failWrites("the thread that writes it was ended");
  }

  #write(
    worker: Worker,
    { id, path, bytes, position }: {
      readonly id: number;
      readonly path: string;
      readonly bytes: Uint8Array<SharedArrayBuffer>;
      readonly position: number;
    },
  ): Promise<boolean> {
    if (worker !== this.#worker) return Promise.resolve(false);
    const done = Promise.withResolvers<boolean>();
    const write = ++this.#lastWrite;
    this.#writes.set(write, { path, done });
    worker.postMessage({ id, type: "write", write, bytes, position });
    return done.promise;
  }

  #failWrites(message: string): void {
    for (const { path, done } of this.#writes.values()) done.reject(hashFailure(path, message));
    this.#writes.clear();
  }

  #start(): Worker {
    const worker = new Worker(`data:text/javascript;base64,${btoa(HASH_WORKER)}`, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#onMessage(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#worker = undefined;
      this.#failWrites(event.message);
      for (const id of this.#jobs.keys()) this.#onMessage({ id, type: "error", message: event.message });
    };
    return worker;
  }

  #onMessage(answer: Answer): void {
    const job = this.#jobs.get(answer.id);
    if (answer.type === "written" || answer.type === "refused") {
      if (job !== undefined) job.hashedBytes = answer.hashedBytes;
      // The file may have been given up meanwhile; its writes are still waited for.
      this.#writes.get(answer.write)!.done.resolve(answer.type === "written");
      this.#writes.delete(answer.write);
      return;
    }
    if (job === undefined) return;
    const { onBlock = () => {}, onBadBlock = () => {} } = job.options;
    switch (answer.type) {
      case "settled":
        return job.settled.shift()?.();
      case "block":
        return onBlock(answer.index, answer.crc);
      case "bad":
        return onBadBlock(answer.index);
      case "finished":
        this.#jobs.delete(answer.id);
        return job.finished.resolve({ sha256: answer.sha256, blocks: Uint32Array.from(answer.blocks) });
      case "error":
        this.#jobs.delete(answer.id);
        return job.finished.reject(hashFailure(job.path, answer.message));
    }
  }
}

/** What tells an open file from one that was put in its place. */
function identityOf(file: Deno.FsFile): Pick<Deno.FileInfo, "dev" | "ino"> {
  const { dev, ino } = file.statSync();
  return { dev, ino };
}

/**
 * Create the failure for a part that cannot be read or differs from what was written. After `changed`, the next attempt
 * examines the part again.
 */
function hashFailure(path: string, message: string): FailureError {
  return new FailureError("changed", `Cannot hash "${path}": ${message}`, { retryAfterMs: 0 });
}
