import type { Clock } from "../../base/mod.ts";
import { beginAlike } from "./_anchor.ts";
import { findPosition } from "./_find_position.ts";
import { type ChainEntry, type ChainMark, findUnread, isSameFile, listChain } from "../log_chain.ts";
import { LogTail, type LogTailOptions } from "./_log_tail.ts";
import type { LogPosition } from "./log_position.ts";

/** Options of {@linkcode LogTails}. */
export interface LogTailsOptions extends LogTailOptions {
  readonly path: string;
  readonly from: "end" | "start";
  readonly positions: readonly LogPosition[] | undefined;
  readonly clock: Clock;
  readonly counts: LogTailOptions["counts"] & { rotations: number; truncations: number; lost: number };
}

/**
 * How long to keep reading an older file after it last grew, in milliseconds. A process that opened it before the
 * rotation may continue to write to it.
 */
const LINGER_MS = 60_000;
/** Maximum number of older files to keep open. */
const MAX_OLD = 8;

/** The open files of a rotated log; decides which file to open next. */
export class LogTails implements Disposable {
  readonly #options: LogTailsOptions;
  /** Oldest first; the last one is the newest file that was opened. */
  readonly #tails: LogTail[] = [];
  #mark: ChainMark | undefined;
  /** Older files to ignore: they existed before following began, or cannot be opened. */
  readonly #ignored: ChainEntry[] = [];
  #isStarted = false;

  constructor(options: LogTailsOptions) {
    this.#options = options;
  }

  /** Positions to save, oldest file first; before the first poll, those that were passed in. */
  get positions(): readonly LogPosition[] | undefined {
    return this.#isStarted ? this.#tails.map((tail) => tail.position) : this.#options.positions;
  }

  /**
   * Open the next unread file.
   *
   * @returns False if there is no further file yet
   */
  async enterNext(): Promise<boolean> {
    const { path, counts } = this.#options;
    const chain = await listChain(path);
    if (!this.#isStarted) await this.#start(chain);
    await this.#stepBack(chain);
    const next = this.#unread(chain).find((entry) => !this.#isKnown(entry));
    if (next === undefined) return false;
    const tail = await this.#openNew(next);
    if (tail === undefined) return true;
    if (!isSameFile(tail, next)) {
      // The file was renamed between `stat` and `open`.
      tail[Symbol.dispose]();
      return true;
    }
    if (this.#mark !== undefined) counts.rotations++;
    this.#push(tail);
    return true;
  }

  /**
   * Read all open files to their ends.
   *
   * @returns Number of bytes read, and whether a file was truncated, which requires another round
   */
  async drain(
    take: (line: string) => void,
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<{ readonly bytes: number; readonly isTruncated: boolean }> {
    let bytes = 0;
    let isTruncated = false;
    for (const tail of this.#tails) {
      const count = await tail.drain(take, options);
      if (count === null) {
        isTruncated = true;
        // `recover` handles the newest file in the next round; an older one has been rewritten.
        if (tail === this.#tails.at(-1)) continue;
        tail.rewind();
        this.#options.counts.truncations++;
        continue;
      }
      bytes += count;
      if (count > 0) tail.grewAt = this.#options.clock.monotonic();
    }
    return { bytes, isTruncated };
  }

  /** If the newest file was truncated, continue in its copy, which may contain the rest. */
  async recover(): Promise<void> {
    const newest = this.#tails.at(-1);
    if (newest === undefined || !await newest.isTruncated()) return;
    this.#options.counts.truncations++;
    const { position } = newest;
    this.#tails.pop();
    newest[Symbol.dispose]();
    // Without a copy, lines are missing unless the writer waited for this reader, which cannot be determined.
    this.#mark = { ...position, next: "itself" };
    const copy = position.offset === 0 ? undefined : await findPosition(position, this.#tails, this.#options);
    if (copy !== undefined) this.#push(copy);
  }

  /** Close older files that no longer grow, and the oldest ones beyond `MAX_OLD`. */
  retire(take: (line: string) => void): void {
    const { clock } = this.#options;
    const old = this.#tails.slice(0, -1);
    for (const [index, tail] of old.entries()) {
      if (clock.monotonic() - tail.grewAt < LINGER_MS && old.length - index <= MAX_OLD) continue;
      tail.finish(take);
      tail[Symbol.dispose]();
      this.#tails.splice(this.#tails.indexOf(tail), 1);
    }
  }

  [Symbol.dispose](): void {
    for (const tail of this.#tails.splice(0)) tail[Symbol.dispose]();
  }

  #unread(chain: readonly ChainEntry[]): readonly ChainEntry[] {
    if (this.#mark === undefined) return chain.toReversed();
    const newest = this.#tails.at(-1);
    const isNewest = newest !== undefined && isSameFile(newest, this.#mark);
    return findUnread(chain, isNewest ? { ...this.#mark, mtimeMs: newest.position.mtimeMs } : this.#mark);
  }

  /**
   * Detect that the newest file was truncated before anything was read from it, which no fingerprint can show. If an
   * older file was written since then and begins differently, it is a copy of the truncated content and is read first.
   */
  async #stepBack(chain: readonly ChainEntry[]): Promise<void> {
    const newest = this.#tails.at(-1);
    if (newest === undefined || newest.position.offset > 0) return;
    const index = chain.findIndex((entry) => isSameFile(entry, newest));
    const since = chain.slice(index + 1).filter((entry) =>
      entry.mtimeMs > newest.position.mtimeMs && !this.#isKnown(entry)
    );
    const oldest = since.at(-1);
    if (index === -1 || oldest === undefined || await beginAlike(chain[index]!.path, oldest.path)) return;
    this.#tails.pop();
    newest[Symbol.dispose]();
    this.#options.counts.truncations++;
    this.#mark = { ...oldest, next: "itself" };
  }

  #isKnown(entry: ChainEntry): boolean {
    // A file with a reused inode has a later modification time.
    return this.#tails.some((tail) => isSameFile(tail, entry)) ||
      this.#ignored.some((one) => isSameFile(one, entry) && one.mtimeMs === entry.mtimeMs);
  }

  /**
   * Open a file at its start. Returns `undefined` if the file has just been renamed, or if it is an older one that
   * cannot be read, which is then ignored.
   */
  async #openNew(entry: ChainEntry): Promise<LogTail | undefined> {
    try {
      return await LogTail.open(entry.path, "start", this.#options);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      if (entry.path === this.#options.path) throw error;
      this.#ignored.push(entry);
      this.#options.counts.lost++;
      return undefined;
    }
  }

  async #start(chain: readonly ChainEntry[]): Promise<void> {
    const { path, from, positions } = this.#options;
    try {
      if (positions !== undefined) await this.#restore(positions);
      else {
        const current = chain.find((entry) => entry.path === path);
        const tail = current === undefined ? undefined : await LogTail.open(path, from, this.#options);
        this.#ignored.push(...chain.filter((entry) => tail === undefined || !isSameFile(tail, entry)));
        if (tail !== undefined) this.#push(tail);
      }
      this.#isStarted = true;
    } catch (error) {
      // The next poll starts over.
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Continue at the positions of an earlier follower. */
  async #restore(positions: readonly LogPosition[]): Promise<void> {
    for (const position of positions) {
      const tail = await findPosition(position, this.#tails, this.#options);
      if (tail !== undefined) this.#push(tail);
      // A missing older file was most likely read to its end and then removed; the newest one was not.
      if (tail !== undefined || position !== positions.at(-1)) continue;
      this.#options.counts.lost++;
      this.#mark = { ...position, next: "since" };
    }
  }

  #push(tail: LogTail): void {
    tail.grewAt = this.#options.clock.monotonic();
    this.#tails.push(tail);
    this.#mark = { dev: tail.dev, ino: tail.ino, mtimeMs: tail.position.mtimeMs, next: "newer" };
  }
}
