import { openNoFollow, openNoFollowSync, syncFile } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import { BackgroundFlush } from "./_background_flush.ts";
import { cutDamage } from "./_cut_damage.ts";
import { type Extent, hasGaps, missingExtents, sizeOfExtents } from "./extents.ts";
import { followWritten, type HashFollower } from "./hash_follower.ts";
import { HeldBytes } from "./_held_bytes.ts";
import { partPathOf, removePart } from "./part_journal.ts";
import type { ResumePlan } from "./plan_resume.ts";
import { SIZE_THRESHOLDS } from "../size_thresholds.ts";
import type { FinishedPart, TransferState } from "../_transfer_state.ts";

/** The file handle of one connection; disposing it closes the file unless the part itself owns it. */
export interface PartHandle extends Disposable {
  readonly file: Deno.FsFile;
  /** Writes in the thread that hashes the file; absent if the connection is to use `file`. */
  readonly write: HashFollower["write"];
}

/** The part on disk while connections write to it: the bytes it holds, its journal and its hash. */
export class PartFile implements AsyncDisposable {
  /** Size of the whole file; `null` if the server did not announce it. */
  readonly totalBytes: number | null;
  readonly #state: TransferState;
  readonly #file: Deno.FsFile;
  readonly #held: HeldBytes;
  readonly #flush: BackgroundFlush | undefined;
  #follower: HashFollower;
  #isFollowedOnDisk = false;
  #isLent = false;
  #badBlock = Infinity;

  private constructor(
    state: TransferState,
    file: Deno.FsFile,
    plan: {
      readonly extents: readonly Extent[];
      readonly blocks: readonly number[];
      readonly totalBytes: number | null;
    },
  ) {
    this.#state = state;
    this.#file = file;
    this.#held = new HeldBytes(state, plan.extents, plan.totalBytes);
    this.totalBytes = plan.totalBytes;
    this.#follower = this.#follow(plan.blocks);
    const path = partPathOf(state.request.path);
    if (state.line.durable) {
      this.#flush = new BackgroundFlush({
        open: () => openNoFollow(path, { write: true }),
        nowMs: () => state.line.clock.monotonic(),
      });
    }
  }

  /** Open or create a part, truncated to what the plan keeps. */
  static async open(state: TransferState, plan: ResumePlan, totalBytes: number | null): Promise<PartFile> {
    const isFresh = plan.extents.length === 0;
    const path = partPathOf(state.request.path);
    const file = createAtOnce(path) ?? await openNoFollow(path, { write: true, create: true, truncate: isFresh });
    try {
      const keptBytes = plan.extents.at(-1)?.[1] ?? 0;
      // Truncate only if needed: some file systems (ext4) flush a file when it is closed if it was ever truncated to
      // zero, which takes seconds for a large one.
      if (!isFresh && (await file.stat()).size !== keptBytes) await file.truncate(keptBytes);
      // Extents from an earlier run are not updated while a part has no gaps. After a kill they would cause the new
      // bytes to be discarded.
      if (!hasGaps(plan.extents)) state.forgetExtents();
      await state.journalSaved();
      // Saved in the background; the first bytes do not wait for it.
      if (isFresh && totalBytes !== null && totalBytes >= SIZE_THRESHOLDS.journalFrom) state.saveJournal();
      const part = new PartFile(state, file, { ...plan, totalBytes });
      state.onStarted(totalBytes ?? 0, sizeOfExtents(plan.extents));
      return part;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** The missing ranges; the last one of a file of unknown size ends at `Infinity`. */
  missing(): readonly Extent[] {
    return missingExtents(this.#held.extents, this.totalBytes ?? Infinity);
  }

  /** Whether some bytes are behind a gap, or may be at any moment. */
  get isScattered(): boolean {
    return this.#held.isScattered;
  }

  /**
   * Prepare for bytes behind a gap: from now on the journal, instead of the length of the part, tells what the part
   * holds.
   */
  async scatter(): Promise<void> {
    // A follower that hashes the write buffers would miss bytes that other connections wrote ahead of the frontier.
    if (!this.#isFollowedOnDisk) {
      this.#follower[Symbol.dispose]();
      this.#follower = this.#follow([], true);
    }
    await this.#held.scatter();
  }

  /** If no gap is left, rely on the length of the part again. Call only while no connection is active. */
  join(): void {
    if (this.#held.isScattered) this.#held.join(this.#file.statSync().size);
  }

  /** Return a promise to await before reading more, if a kill would lose too much. */
  caughtUp(): Promise<void> | undefined {
    return this.#held.caughtUp();
  }

  /**
   * Return a handle for one connection. The first call reuses the part's own handle, so that small files are opened
   * only once.
   */
  async openAt(position: number): Promise<PartHandle> {
    const isOurs = !this.#isLent;
    this.#isLent = true;
    const file = isOurs ? this.#file : await openNoFollow(partPathOf(this.#state.request.path), { write: true });
    if (position > 0) await file.seek(position, Deno.SeekMode.Start);
    // Behind a gap, the thread would have to read the bytes anyway.
    const write = this.isScattered ? undefined : this.#follower.write;
    return { file, write, [Symbol.dispose]: () => isOurs ? undefined : file.close() };
  }

  /** Account for bytes that have been written and end at `position`. */
  recordWritten(bytes: Uint8Array, position: number): void {
    if (bytes.length === 0) return;
    this.#flush?.recordWritten(bytes.length);
    const before = this.#held.frontier;
    this.#held.add([position - bytes.length, position]);
    const { frontier } = this.#held;
    if (frontier > before) this.#follower.advance(bytes, frontier);
  }

  /** After a failure, record the digests of what was written, unless the user is waiting for the program to stop. */
  async settle(): Promise<void> {
    if (!this.#state.signal?.aborted) await this.#follower.settle();
    await (this.isScattered ? this.#held.save() : this.#state.journalSaved());
  }

  /** Flush the complete part and return its digests; throws if a range is missing or a resumed block is damaged. */
  async finish(): Promise<FinishedPart> {
    const { onEvent, journal } = this.#state;
    await this.#assertWhole();
    const sizeBytes = this.#held.frontier;
    onEvent({ type: "verifying" });
    const [digests, flushError] = await Promise.all([this.#follower.finish(sizeBytes), this.#flushAll()]);
    if (flushError !== undefined) await this.#discard(flushError);
    if (this.#badBlock < Infinity) await cutDamage(this.#state, this.#badBlock);
    return { ...digests, sizeBytes, etag: journal?.etag ?? null };
  }

  /** Flush the complete part, and return the error if the disk did not take its bytes. */
  async #flushAll(): Promise<Error | undefined> {
    if (this.#flush === undefined) return undefined;
    try {
      await this.#flush.finish();
      if (!await syncFile(this.#file)) this.#state.onEvent({ type: "unflushed" });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /**
   * Discard a part that could not be flushed. The system has dropped the bytes that it could not write, but may still
   * show them to readers: they would pass every check, and a second flush would succeed.
   */
  async #discard(cause: Error): Promise<never> {
    const { name, request } = this.#state;
    await this.#state.journalSaved();
    await removePart(request.path);
    const reason = cause.message.replace(/ \(os error.*$/s, "");
    throw new FailureError("disk", `Cannot fetch "${name}": the disk did not take its bytes (${reason})`, {
      cause,
      hint: "Check the disk; the next run fetches the file again",
    });
  }

  /**
   * Check that no range is missing. A range that arrived but was not written no longer belongs to a segment, and
   * without a published hash nothing else would detect the gap.
   */
  async #assertWhole(): Promise<void> {
    const [gap] = this.totalBytes === null ? [] : this.missing();
    if (gap === undefined) return;
    if (this.isScattered) await this.#held.save();
    throw new FailureError("connection", `Cannot fetch "${this.#state.name}": bytes from ${gap[0]} on are missing`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#follower[Symbol.dispose]();
    this.#file.close();
    await this.#flush?.[Symbol.asyncDispose]();
  }

  #follow(blocks: readonly number[], isScattered = this.isScattered): HashFollower {
    const { line, request } = this.#state;
    const offset = this.#held.frontier;
    const isLarge = this.totalBytes !== null && this.totalBytes >= SIZE_THRESHOLDS.hashInWorkerFrom;
    // The worker hashes existing bytes. If they were hashed here, the body would wait, and a kill would lose what has
    // arrived.
    this.#isFollowedOnDisk = isScattered || isLarge || offset > 0;
    const path = partPathOf(request.path);
    const mayWrite = !isScattered && this.totalBytes !== null &&
      this.totalBytes >= SIZE_THRESHOLDS.writeInHasherFrom;
    const facts = {
      file: mayWrite ? this.#file : undefined,
      offset,
      blocks,
      onBlock: (index: number, crc: number) => this.#noteBlock(index, crc),
      onBadBlock: (index: number) => this.#badBlock = Math.min(this.#badBlock, index),
    };
    return this.#isFollowedOnDisk ? line.hashers.follow(path, facts) : followWritten();
  }

  #noteBlock(index: number, crc: number): void {
    const state = this.#state;
    const blocks = [...state.journal!.blocks];
    blocks[index] = crc;
    state.journal = { ...state.journal!, blocks };
    if (this.totalBytes !== null) state.saveJournal();
  }
}

/**
 * Create the part synchronously, because dispatching to another thread costs a small file more than the call itself.
 * Returns `null` if the file exists, because truncating it may take long.
 */
function createAtOnce(path: string): Deno.FsFile | null {
  try {
    return openNoFollowSync(path, { write: true, createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return null;
    throw error;
  }
}
