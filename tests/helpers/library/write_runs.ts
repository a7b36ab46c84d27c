import { join } from "node:path";
import { acquireLock } from "../../../lib/base/mod.ts";
import { beginRun, type RunEnd } from "../../../lib/library/mod.ts";
import { FakeClock } from "../fake_clock.ts";

/** A run to write: when it started, its command, and how it ended; `null` for one that was killed. */
export interface WrittenRun {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly command?: string;
  readonly isAttended?: boolean;
  readonly reserveBytes?: number;
  readonly end: Partial<RunEnd> | null;
}

const END: RunEnd = {
  exitCode: 0,
  done: 3,
  failed: 0,
  left: 0,
  leftBytes: 0,
  fetchedBytes: 100,
  neededBytes: null,
  silentMs: 0,
  cause: null,
  message: null,
  hint: null,
  key: null,
  keyOrigin: null,
};

/** Write runs into the journal of a library, as the commands do; each takes a minute. */
export async function writeRuns(library: string, runs: readonly WrittenRun[]): Promise<void> {
  const folder = join(library, ".civitai-dl");
  await Deno.mkdir(folder, { recursive: true });
  const onWarning = (message: string): never => {
    throw new Error(message);
  };
  for (const { at, command = "update", isAttended = false, reserveBytes = 0, end } of runs) {
    using _lock = await acquireLock(join(folder, "lock"), { command });
    const clock = new FakeClock(at);
    const start = { command, isAttended, reserveBytes };
    const run = beginRun(join(folder, "state"), start, { clock, onWarning });
    clock.advance(60_000);
    if (end !== null) run.end({ ...END, ...end });
  }
}
