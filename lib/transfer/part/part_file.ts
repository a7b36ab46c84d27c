import { openNoFollow, openNoFollowSync } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import { BackgroundFlush } from "./_background_flush.ts";
import { cutDamage } from "./_cut_damage.ts";
import { type Extent, hasGaps, missingExtents, sizeOfExtents } from "./extents.ts";
import { followWritten, type HashFollower } from "./hash_follower.ts";
import { HeldBytes } from "./_held_bytes.ts";
import { partPathOf } from "./part_journal.ts";
import type { ResumePlan } from "./plan_resume.ts";
import type { FinishedPart, TransferState } from "../_transfer_state.ts";

/** Below this size a restart costs less than the upkeep of a journal. */
export const JOURNAL_FROM_BYTES = 256 << 10;
/** From this size on, hashing in a worker pays. */
const WORKER_FROM_BYTES = 8 << 20;

/** Where one connection writes. */
export interface PartHandle extends Disposable {
  readonly file: Deno.FsFile;
}

/** The part on disk while connections write to it: what it holds, its journal, and the hash that follows it. */
export class PartFile implements AsyncDisposable {
  /** Size of the whole file; `null` when nobody told it. */
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
    if (state.options.durable) {
      this.#flush = new BackgroundFlush({
        open: () => openNoFollow(path, { write: true }),
        nowMs: () => performance.now(),
      });
    }
  }

  /** Open a part, cut to what the plan keeps. */
  static async open(state: TransferState, plan: ResumePlan, totalBytes: number | null): Promise<PartFile> {
    const isFresh = plan.extents.length === 0;
    const path = partPathOf(state.request.path);
    const file = createAtOnce(path) ?? await openNoFollow(path, { write: true, create: true, truncate: isFresh });
    try {
      const keptBytes = plan.extents.at(-1)?.[1] ?? 0;
      // Some file systems (ext4) write a file out when it is closed that was once cut to nothing: seconds for a large one.
      if (!isFresh && (await file.stat()).size !== keptBytes) await file.truncate(keptBytes);
      // What an earlier run told of its gaps does not grow with a part that has none: a kill would throw it away.
      if (!hasGaps(plan.extents)) state.forgetExtents();
      await state.journalSaved();
      // Written beside the first bytes, which wait for nothing.
      if (isFresh && totalBytes !== null && totalBytes >= JOURNAL_FROM_BYTES) state.saveJournal();
      const part = new PartFile(state, file, { ...plan, totalBytes });
      state.onStarted(totalBytes ?? 0, sizeOfExtents(plan.extents));
      return part;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** What is still to come; the last gap of a file of unknown size has no end. */
  missing(): readonly Extent[] {
    return missingExtents(this.#held.extents, this.totalBytes ?? Infinity);
  }

  /** Whether some bytes stand behind a gap, or may do so at any moment. */
  get isScattered(): boolean {
    return this.#held.isScattered;
  }

  /** Prepare for bytes behind a gap: from now on the journal tells what the part holds, no longer its length. */
  async scatter(): Promise<void> {
    // A hash that is fed with what is written would miss what others have written ahead of it.
    if (!this.#isFollowedOnDisk) {
      this.#follower[Symbol.dispose]();
      this.#follower = this.#follow([], true);
    }
    await this.#held.scatter();
  }

  /** While no connection is at work: if no gap is left, the part's length tells again what it holds. */
  join(): void {
    if (this.#held.isScattered) this.#held.join(this.#file.statSync().size);
  }

  /** Something to wait for before more is read, if a kill would lose too much. */
  caughtUp(): Promise<void> | undefined {
    return this.#held.caughtUp();
  }

  /** A handle for one connection; the first is our own, so that small files are opened once. */
  async openAt(position: number): Promise<PartHandle> {
    const isOurs = !this.#isLent;
    this.#isLent = true;
    const file = isOurs ? this.#file : await openNoFollow(partPathOf(this.#state.request.path), { write: true });
    if (position > 0) await file.seek(position, Deno.SeekMode.Start);
    return { file, [Symbol.dispose]: () => isOurs ? undefined : file.close() };
  }

  /** Bytes have been written and end at `position`. */
  written(bytes: Uint8Array, position: number): void {
    if (bytes.length === 0) return;
    this.#flush?.written(bytes.length);
    const before = this.#held.frontier;
    this.#held.add([position - bytes.length, position]);
    const { frontier } = this.#held;
    if (frontier > before) this.#follower.advance(bytes, frontier);
  }

  /** What was written before a failure is worth its digests, unless the user waits for us to stop. */
  async settle(): Promise<void> {
    if (!this.#state.options.signal?.aborted) await this.#follower.settle();
    await (this.isScattered ? this.#held.save() : this.#state.journalSaved());
  }

  /** All bytes are there: flush them, and tell the digests. */
  async finish(): Promise<FinishedPart> {
    const { options, journal } = this.#state;
    await this.#assertWhole();
    const sizeBytes = this.#held.frontier;
    options.onEvent({ type: "verifying" });
    const [digests] = await Promise.all([
      this.#follower.finish(sizeBytes),
      this.#flush?.finish().then(() => this.#file.sync()),
    ]);
    if (this.#badBlock < Infinity) await cutDamage(this.#state, this.#badBlock);
    return { ...digests, sizeBytes, etag: journal?.etag ?? null };
  }

  /** What came and could not be written is nobody's work any more, and without a published hash nothing else misses it. */
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
    const { options, request } = this.#state;
    const offset = this.#held.frontier;
    const isLarge = this.totalBytes !== null && this.totalBytes >= WORKER_FROM_BYTES;
    // What was there before is not to be hashed here while the body waits: a kill would lose what has come of it.
    this.#isFollowedOnDisk = isScattered || isLarge || offset > 0;
    const path = partPathOf(request.path);
    const facts = {
      offset,
      blocks,
      onBlock: (index: number, crc: number) => this.#noteBlock(index, crc),
      onBadBlock: (index: number) => this.#badBlock = Math.min(this.#badBlock, index),
    };
    return this.#isFollowedOnDisk ? options.hashers.follow(path, facts) : followWritten();
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
 * Create the part without another thread, which would cost a small file more than the call takes; `null` if something
 * stands there: to cut that to nothing may take long.
 */
function createAtOnce(path: string): Deno.FsFile | null {
  try {
    return openNoFollowSync(path, { write: true, createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return null;
    throw error;
  }
}
