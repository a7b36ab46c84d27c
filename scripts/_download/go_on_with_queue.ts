import { acquireLock, type FileLock, formatCount, KitError } from "../../lib/base/mod.ts";
import type { RunEntry } from "../../lib/app/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { type Library, settleCancelled, Throttle } from "../../lib/downloader/mod.ts";
import { queueLockPath } from "../../lib/library/mod.ts";
import { readBandwidth } from "../_frame/session.ts";
import { createEventRecorder } from "./create_event_recorder.ts";
import type { FetchFlags } from "./fetch_targets.ts";

/** The context of a command that works off the queue after its own targets. */
export type QueueContext = CommandContext<FetchFlags & { readonly events: boolean }>;

/** The right to work off the queue of a library, and the duty: whoever adds to it relies on that. */
export interface QueueKeeper extends Disposable {
  /**
   * Work off what waits. What is added meanwhile is fetched too, until nothing is left.
   *
   * @param endMs When the time of the command is over, by `performance.now()`; `Infinity` for never
   */
  workOff(endMs: number): Promise<void>;
  /** Give it up, and say what is left. */
  giveUp(): void;
}

/**
 * Take the right to work off the queue of a library that this command holds.
 *
 * @returns `null` if another process has it, such as a server, or nothing can be kept
 */
export async function keepQueue(
  context: QueueContext,
  library: Library,
  command: string,
): Promise<QueueKeeper | null> {
  if (!library.isWritable) return null;
  // Before this command fetches what is unfinished.
  settleCancelled(library);
  let lock = await takeLock(library, command);
  if (lock === null) return null;
  const release = (): void => {
    lock?.[Symbol.dispose]();
    lock = null;
  };
  return {
    async workOff(endMs) {
      let isOver = false;
      while (lock !== null && !isOver) {
        isOver = !await workOnce(context, library, endMs);
        release();
        // Whoever added an entry before the lock was released relies on it.
        if (!isOver && countWaiting(library) > 0) lock = await takeLock(library, command);
      }
    },
    giveUp() {
      const count = countWaiting(library);
      if (count > 0) context.display.notice(`${saysLeft(count)}: the next download, update or serve fetches them`);
      release();
    },
    [Symbol.dispose]: release,
  };
}

async function takeLock(library: Library, command: string): Promise<FileLock | null> {
  try {
    return await acquireLock(queueLockPath(library.root), { command });
  } catch (error) {
    if (error instanceof KitError && error.code === "unsafe") return null;
    throw error;
  }
}

function countWaiting({ catalog: { queue } }: Library): number {
  return queue.isPaused ? 0 : queue.countWaiting({ holderPid: null });
}

/** Run what waits now. Return whether to look for more. */
async function workOnce(context: QueueContext, library: Library, endMs: number): Promise<boolean> {
  const { display, flags, signal } = context;
  const count = countWaiting(library);
  if (count === 0) return false;
  display.log(`Going on with the queue: ${formatCount(count, "entry", "entries")}`);
  // Only with something to do: the rooms of the page take a while to load.
  const [{ QueueWorker }, { createRunEntry }] = await Promise.all([
    import("../../lib/app/mod.ts"),
    import("../_serve/run_entry.ts"),
  ]);
  const runEntry: RunEntry = async (entry, run) => {
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) return { type: "obstacle", reason: "The time of --max-time is over", hint: null };
    display.log(`${entry.kind}: ${entry.title}`);
    using recorder = createEventRecorder(context);
    const timed = { ...context, flags: { ...flags, ...leftMs === Infinity ? {} : { maxTime: leftMs } } };
    const end = await createRunEntry(timed)(entry, {
      ...run,
      onEvent(event) {
        recorder.record(event);
        run.onEvent(event);
      },
    });
    const { reason } = end.type === "ended" ? end.end : end;
    if (!run.signal.aborted) display.log(`${entry.title}: ${reason ?? "done"}`);
    return end;
  };
  const worker = new QueueWorker({ runEntry, throttle: new Throttle({ bandwidth: readBandwidth(flags) }) });
  const { obstacle } = await worker.work(library, signal);
  const left = countWaiting(library);
  if (left === 0) return obstacle === null && !signal.aborted;
  if (obstacle === null && !signal.aborted) return true;
  display.notice(`${saysLeft(left)}: the next download, update or serve fetches them`);
  return false;
}

function saysLeft(count: number): string {
  return count === 1 ? "1 entry of the queue is left" : `${count} entries of the queue are left`;
}
