import { type Clock, messageOf, systemClock } from "../../base/mod.ts";
import { LogTails } from "./_log_tails.ts";
import type { LogPosition } from "./log_position.ts";

/** Options of {@linkcode LogFollower}. */
export interface LogFollowerOptions {
  /** Positions that an earlier follower saved; see {@linkcode LogFollower.positions}. */
  readonly positions?: readonly LogPosition[] | undefined;
  /**
   * Where to start in a file that exists at the first poll, if there are no saved positions.
   *
   * @default {"end"}
   */
  readonly from?: "end" | "start" | undefined;
  /**
   * Called when the log cannot be read, unless the previous poll failed with the same problem, and when it can be read
   * again.
   */
  readonly onProblem?: ((message: string) => void) | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Counts of a {@linkcode LogFollower}. */
export interface FollowFigures {
  /** Lines that were passed on. */
  readonly lines: number;
  /** Bytes that were read. */
  readonly bytes: number;
  /** Files that were opened after the first one. */
  readonly rotations: number;
  /** Number of times that a file was truncated. */
  readonly truncations: number;
  /** Lines that were dropped because of their length. */
  readonly tooLong: number;
  /** Lines that contained NUL bytes, which were removed; the rest of each line was passed on. */
  readonly withNulBytes: number;
  /**
   * Number of times that lines may have been lost, because a saved position was not found or an older file could not be
   * opened.
   */
  readonly lost: number;
  /** Polls that ended with an error. */
  readonly problems: number;
}

/** Maximum number of rounds in one poll of a log that keeps changing while it is read. */
const MAX_ROUNDS = 1000;

/**
 * Follows a log and passes on every line once. It handles rotation by renaming (even several between two polls),
 * truncation, replacement and restarts.
 *
 * It reads when it is polled, and does not use file system events. Events get lost on network file systems and when
 * there are many at once, and a poll costs only a few system calls when nothing has changed.
 *
 * A file is identified by device and inode, and by a fingerprint of the bytes before the read offset. Data that a
 * truncation (`copytruncate`) removed is read from the copy, if the copy is named `NAME.1` and so on and is not
 * compressed. Data that was written between the copy and the truncation is lost to every reader. Without a copy,
 * everything that had not been read yet is lost too. After a follower was killed, the lines since its positions were
 * last saved are passed on again.
 */
export class LogFollower implements Disposable {
  readonly #path: string;
  readonly #onProblem: (message: string) => void;
  readonly #figures = {
    lines: 0,
    bytes: 0,
    rotations: 0,
    truncations: 0,
    tooLong: 0,
    withNulBytes: 0,
    lost: 0,
    problems: 0,
  };
  readonly #tails: LogTails;
  #problem: string | undefined;

  /**
   * Create a follower; the first poll opens the files.
   *
   * @param path The log; its older files are `PATH.1`, `PATH.2` and so on
   */
  constructor(path: string, options: LogFollowerOptions = {}) {
    const { from = "end", positions, onProblem = () => {}, clock = systemClock } = options;
    this.#path = path;
    this.#onProblem = onProblem;
    this.#tails = new LogTails({ path, from, positions, clock, counts: this.#figures });
  }

  /** The current counts. */
  get figures(): FollowFigures {
    return { ...this.#figures };
  }

  /**
   * Positions to save for a restart: lines before them are not passed on again. Before the first poll, the positions
   * that were passed in.
   */
  get positions(): readonly LogPosition[] | undefined {
    return this.#tails.positions;
  }

  /**
   * Poll once, and pass on the lines that were added. A problem with the file is reported, and the next poll tries
   * again.
   *
   * @param onLine Called with each line, without its newline; must not throw
   * @param options A signal that cancels the poll, which then rejects with its reason
   * @returns The number of lines that were passed on
   */
  async poll(
    onLine: (line: string) => void,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<number> {
    const before = this.#figures.lines;
    const take = (line: string): void => {
      this.#figures.lines++;
      onLine(line);
    };
    try {
      await this.#readNew(take, options);
      if (this.#problem !== undefined) this.#onProblem(`Following "${this.#path}" again`);
      this.#problem = undefined;
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      this.#figures.problems++;
      const state = messageOf(error);
      if (this.#problem !== state) this.#onProblem(`Cannot follow "${this.#path}": ${state}; trying again`);
      this.#problem = state;
    }
    return this.#figures.lines - before;
  }

  /** Close all open files. */
  [Symbol.dispose](): void {
    this.#tails[Symbol.dispose]();
  }

  async #readNew(take: (line: string) => void, options: { readonly signal?: AbortSignal | undefined }): Promise<void> {
    const problems: unknown[] = [];
    for (let round = 0; round < MAX_ROUNDS; round++) {
      await this.#tails.recover();
      // Find newer files before reading older ones to their ends: a writer that has moved on adds nothing to the older
      // ones.
      const hasNext = await this.#tails.enterNext().catch((error) => {
        problems.push(error);
        return false;
      });
      const { bytes, isTruncated } = await this.#tails.drain(take, options);
      this.#figures.bytes += bytes;
      this.#tails.retire(take);
      if (!hasNext && !isTruncated) break;
    }
    // A newer file that cannot be opened does not prevent reading the older ones.
    if (problems.length > 0) throw problems[0];
  }
}
