import { join } from "node:path";
import { type Clock, ensurePrivateFolder, systemClock } from "../../base/mod.ts";
import { LogWriter } from "../../journal/mod.ts";
import { renderRunLine, RUNS_NAME } from "./_run_lines.ts";
import type { RunEnd, RunStart } from "./run_record.ts";

/** Options of {@linkcode beginRun}. */
export interface BeginRunOptions {
  /** Called if a line cannot be written, such as on a full disk: the run itself must not fail for that. */
  readonly onWarning: (message: string) => void;
  /**
   * Source of the timestamps.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** A run under way. */
export interface OpenRun {
  /** Record the end, while this process still holds the library's lock. */
  readonly end: (end: RunEnd) => void;
}

/** About 1500 runs in each of two files: the last success is found although a nightly job fails for years. */
const ROTATION = { maxBytes: 1024 * 1024, keep: 1 };

/**
 * Record the start of a run in the library's journal of runs. The process must hold the library's lock until it has
 * recorded the end: from a start without an end and a lock that is free, readers conclude that the run was killed.
 *
 * @param stateFolder Folder `.civitai-dl/state` of the library; created if it is missing
 * @param start Command, and how it was started
 * @param options Receiver of warnings
 * @returns The run, whose end is to be recorded
 */
export function beginRun(stateFolder: string, start: RunStart, options: BeginRunOptions): OpenRun {
  const { onWarning, clock = systemClock } = options;
  const id = crypto.randomUUID().slice(0, 13);
  const path = join(stateFolder, RUNS_NAME);
  const write = (line: string): void => {
    try {
      ensurePrivateFolder(stateFolder);
      using log = new LogWriter(path, { rotation: ROTATION });
      log.append(line);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      onWarning(`Cannot record the run in "${path}": ${error.message}`);
    }
  };
  const time = () => new Date(clock.now()).toISOString();
  write(renderRunLine({ event: "start", id, time: time(), pid: Deno.pid, ...start }));
  return { end: (end) => write(renderRunLine({ event: "end", id, time: time(), ...end })) };
}
