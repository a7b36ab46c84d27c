import { type Clock, systemClock } from "../../base/mod.ts";
import { LogTails } from "./_log_tails.ts";
import type { LogPosition } from "../status/follow_state.ts";

/** Options of {@linkcode LogFollower}. */
export interface LogFollowerOptions {
  /** Where an earlier follower was; see {@linkcode LogFollower.positions}. */
  readonly positions?: readonly LogPosition[] | undefined;
  /**
   * Where to begin in a file that is there at the first look, when no positions are known.
   *
   * @default {"end"}
   */
  readonly from?: "end" | "start" | undefined;
  /**
   * A longer line is left out and counted; so much of a line is held in memory at most.
   *
   * @default {1 MiB}
   */
  readonly maxLineBytes?: number | undefined;
  /**
   * For so long after it last grew an older file is looked at too: a process that opened it before the rotation may
   * write on.
   *
   * @default {60000}
   */
  readonly lingerMs?: number | undefined;
  /** Told once when the log cannot be read, and once when it can be again. */
  readonly onProblem?: ((message: string) => void) | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What a follower has seen. */
export interface FollowFigures {
  /** Lines that were handed on. */
  readonly lines: number;
  /** Bytes that were read. */
  readonly bytes: number;
  /** Files that were entered after the first one. */
  readonly rotations: number;
  /** Files that lost what was read of them. */
  readonly truncations: number;
  /** Lines left out because of their length. */
  readonly tooLong: number;
  /** Lines with zero bytes in them; the rest of each was handed on. */
  readonly rubbish: number;
  /** Times when the place that was left could not be found again, so that lines may be missing. */
  readonly lost: number;
  /** Looks that ended with an error. */
  readonly problems: number;
}

/** A log that changes while we look at it is looked at again, so many times. */
const MAX_ROUNDS = 1000;

/**
 * Follows a log of lines: hands on every line once, over rotation by renaming (several between two looks included),
 * truncation, replacement and restarts.
 *
 * It looks when it is asked to, and needs no events of the file system: those are lost on network file systems and when
 * there are many, and a look costs a few questions to the system when nothing has changed.
 *
 * A file is known by device and inode, and by what stands before the place that was read. What a truncation
 * (`copytruncate`) removed is read from the copy, if that is `NAME.1` and so on and not compressed; what was written
 * between the copy and the truncation is lost for everybody, and without a copy so is what was not read until then. A
 * follower that is killed hands on again what came after its positions were kept.
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
    rubbish: 0,
    lost: 0,
    problems: 0,
  };
  readonly #tails: LogTails;
  #problem: string | undefined;

  /**
   * Make one; nothing is opened yet.
   *
   * @param path The log; its older files are `PATH.1`, `PATH.2` and so on
   * @param options Positions, limits, clock
   */
  constructor(path: string, options: LogFollowerOptions = {}) {
    const { from = "end", maxLineBytes = 1024 * 1024, lingerMs = 60_000, onProblem = () => {} } = options;
    const { positions, clock = systemClock } = options;
    this.#path = path;
    this.#onProblem = onProblem;
    this.#tails = new LogTails({ path, from, maxLineBytes, lingerMs, positions, clock, counts: this.#figures });
  }

  /** What was seen so far. */
  get figures(): FollowFigures {
    return { ...this.#figures };
  }

  /** What to keep over a restart: no line before these places comes again. Before the first look, as they were given. */
  get positions(): readonly LogPosition[] | undefined {
    return this.#tails.positions;
  }

  /**
   * Look once, and hand on what was added. Trouble with the file is told and tried again at the next look.
   *
   * @param onLine Takes a line without its end; must not throw
   * @param options The signal that ends a long look
   * @returns Lines handed on
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
      await this.#look(take, options);
      if (this.#problem !== undefined) this.#onProblem(`Following "${this.#path}" again`);
      this.#problem = undefined;
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      this.#figures.problems++;
      const state = error instanceof Error ? error.message : String(error);
      if (this.#problem !== state) this.#onProblem(`Cannot follow "${this.#path}": ${state}; trying again`);
      this.#problem = state;
    }
    return this.#figures.lines - before;
  }

  /** Close the files. */
  [Symbol.dispose](): void {
    this.#tails[Symbol.dispose]();
  }

  async #look(take: (line: string) => void, options: { readonly signal?: AbortSignal | undefined }): Promise<void> {
    const problems: unknown[] = [];
    for (let round = 0; round < MAX_ROUNDS; round++) {
      await this.#tails.recover();
      // What is newer is found before what is older is read to its end: a writer that has moved on adds nothing to it.
      const hasNext = await this.#tails.enterNext().catch((error) => {
        problems.push(error);
        return false;
      });
      const { bytes, isTruncated } = await this.#tails.drain(take, options);
      this.#figures.bytes += bytes;
      this.#tails.retire(take);
      if (!hasNext && !isTruncated) break;
    }
    // A newer file that cannot be opened keeps nobody from reading the older ones.
    if (problems.length > 0) throw problems[0];
  }
}
