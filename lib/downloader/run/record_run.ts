import { resolve } from "node:path";
import { type Clock, KitError, type Redactor, systemClock } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import { beginRun, type RunEnd, type RunStart, stateFolder } from "../../library/mod.ts";
import { isKeyAccepted } from "../_check_key.ts";
import { PausedError } from "../fetch/limits/paused_error.ts";
import type { Library } from "../open_library.ts";
import type { RunNotes } from "../result/run_notes.ts";
import { openEventLog } from "../watch/event_log.ts";
import { LibraryWatch } from "../watch/library_watch.ts";

/** How a process ends, and what it says of it. */
export interface CommandEnd extends Pick<RunEnd, "message" | "hint"> {
  /** Exit code; `undefined` for that of the interruption if there was one, otherwise for 0. */
  readonly exitCode: number | undefined;
}

/** How {@linkcode recordRun} records a run. */
export interface RecordRunOptions<Result> extends Omit<RunStart, "again"> {
  /** The command line that continues the run. */
  readonly again: string;
  /** Folder of `download.log`, which gets the end of the run too; `null` for a command without a log. */
  readonly logs: string | null;
  /** Hides secrets in what is recorded. */
  readonly redact: Redactor;
  /** Returns how the process ends with a result of the work. */
  readonly endOf: (result: Result) => CommandEnd;
  /** Returns how the process ends with an error. */
  readonly endOfError: (error: unknown) => CommandEnd & { readonly exitCode: number };
  /** Called if something cannot be recorded, while the library is there. */
  readonly onWarning: (message: string) => void;
  /** Stops the run. */
  readonly signal: AbortSignal;
  /**
   * Source of the duration.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** A function that adds to what is known of the run. */
export type NoteRun = (notes: RunNotes) => void;

/**
 * Run the work of a command on a library, and record its start and its end in the library: whatever ends it, except a
 * kill, which leaves a start without an end.
 *
 * @param library The library, which is open until the work is done; nothing is recorded in one that is only read
 * @param work The work, which is given a function to note what it knows, and the watch that stops it if the library
 * vanishes
 * @param options Command, log, and how it ends
 * @returns What the work returns
 * @throws What the work throws; the error of the vanished library in its place
 */
export async function recordRun<Result>(
  library: Library,
  work: (note: NoteRun, watch: LibraryWatch) => Promise<Result>,
  options: RecordRunOptions<Result>,
): Promise<Result> {
  const { command, isAttended, reserveBytes, again, redact, signal, endOfError, clock = systemClock } = options;
  await using watch = new LibraryWatch(library, { signal });
  if (!library.isWritable) return await work(() => {}, watch);
  const startedMs = clock.monotonic();
  const run = beginRun(
    stateFolder(library.root),
    { command, isAttended, reserveBytes, again: redact(again) },
    { onWarning: watch.reportWhilePresent(options.onWarning) },
  );
  let notes: RunNotes = {};
  const finish = async (ending: Ending): Promise<void> => {
    await watch.look();
    const end = composeEnd(ending, notes, { library, redact });
    // Below the mount point of a library that is gone, nothing is to be written.
    if (watch.gone === null) run.end(end);
    logEnd(end, { ...options, durationMs: Math.round(clock.monotonic() - startedMs) });
  };
  let result: Result;
  try {
    result = await work((more) => notes = { ...notes, ...more }, watch);
  } catch (thrown) {
    // Whatever fails in a library that is gone has that one cause.
    await watch.look();
    const error = watch.gone ?? thrown;
    if (error instanceof PausedError) notes = { ...notes, pause: error.pause };
    await finish({ ...endOfError(error), cause: causeOf(error) });
    throw error;
  }
  await finish(endingOf(result, options));
  return result;
}

type Ending = Pick<RunEnd, "exitCode" | "message" | "hint" | "cause">;

function endingOf<Result>(
  result: Result,
  { endOf, endOfError, signal }: Pick<RecordRunOptions<Result>, "endOf" | "endOfError" | "signal">,
): Ending {
  const { exitCode, message, hint } = endOf(result);
  if (exitCode === undefined && signal.aborted) {
    return { ...endOfError(signal.reason), hint: null, cause: causeOf(signal.reason) };
  }
  return { exitCode: exitCode ?? 0, message, hint, cause: null };
}

/** The class of a failure, or the code of another error. */
function causeOf(error: unknown): string {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof PausedError) return "paused";
  return error instanceof KitError ? error.code : "unexpected";
}

/**
 * Compose the record of the end. The process says what is wrong; the notes say why, since they know the failure behind
 * the error.
 */
function composeEnd(
  ending: Ending,
  notes: RunNotes,
  { library, redact }: { readonly library: Library; readonly redact: Redactor },
): RunEnd {
  const unfetched = library.catalog.totals({ states: ["planned"] });
  const keyOrigin = notes.keyOrigin == null ? null : absolutePlace(notes.keyOrigin);
  const cause = notes.cause ?? ending.cause;
  const isRefused = cause === "login" && keyOrigin !== null;
  const acceptedKey = isKeyAccepted(library) ? "accepted" : null;
  const clean = (text: string | null): string | null => text === null ? null : redact(text);
  return {
    done: 0,
    failed: 0,
    left: unfetched.count,
    leftBytes: unfetched.bytes,
    fetchedBytes: 0,
    neededBytes: null,
    silentMs: 0,
    ...notes,
    exitCode: ending.exitCode,
    cause: isRefused ? "key-rejected" : cause,
    message: clean(ending.message ?? notes.message ?? null),
    // The process's own hint names the command that goes on too, which the record has in a field.
    hint: clean(notes.hint === undefined ? ending.hint : notes.hint),
    again: clean(notes.again ?? null),
    key: isRefused ? "rejected" : acceptedKey,
    keyOrigin,
  };
}

/** Whoever reads the record may be in another folder than the run was. */
function absolutePlace(origin: string): string {
  return origin.replace(/^"([^"]+)"/, (_, path) => `"${resolve(path)}"`);
}

/** Write the end to the log of runs. A run whose log cannot be written has ended with that error already. */
function logEnd(
  end: RunEnd,
  { logs, command, redact, durationMs }: Pick<RecordRunOptions<never>, "logs" | "command" | "redact"> & {
    readonly durationMs: number;
  },
): void {
  if (logs === null) return;
  const { exitCode, done, failed, left, fetchedBytes, cause, message, hint } = end;
  try {
    using log = openEventLog(logs, { redact });
    log.write({
      type: "run-end",
      command,
      exitCode,
      done,
      failed,
      left,
      fetchedBytes,
      durationMs,
      cause,
      message,
      hint,
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
