import { resolve } from "node:path";
import { KitError, type Redactor } from "../../../lib/base/mod.ts";
import { type CommandContext, describeError, Outcome } from "../../../lib/cli/mod.ts";
import {
  isKeyAccepted,
  type Library,
  LibraryWatch,
  openEventLog,
  PausedError,
  type RunNotes,
} from "../../../lib/downloader/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { beginRun, type RunEnd, type RunStart, stateFolder } from "../../../lib/library/mod.ts";
import { commandAgain } from "./command_again.ts";
import { rememberLibrary } from "./library_memory.ts";

/** Options of {@linkcode recordRun}. */
export interface RecordRunOptions extends Pick<RunStart, "command"> {
  /** Bytes that the run keeps free on the disk; absent for a command that downloads nothing. */
  readonly reserveBytes?: number | undefined;
  /** Folder of `download.log`, which gets the end of the run too; absent for a command without a log. */
  readonly logs?: string | undefined;
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
 */
export async function recordRun<Result>(
  context: Pick<CommandContext, "signal" | "display" | "io" | "env" | "commandLine" | "sourceOf">,
  library: Library,
  options: RecordRunOptions,
  work: (note: NoteRun, watch: LibraryWatch) => Promise<Result>,
): Promise<Result> {
  const { display, io, env, signal } = context;
  await using watch = new LibraryWatch(library, { signal });
  if (!library.isWritable) return await work(() => {}, watch);
  await rememberLibrary(library.root, env);
  const { command, reserveBytes = null } = options;
  const startedMs = performance.now();
  const run = beginRun(
    stateFolder(library.root),
    {
      command,
      isAttended: io.inIsTerminal || io.errIsTerminal,
      reserveBytes,
      again: display.redact(commandAgain(context, library)),
    },
    { onWarning: watch.reportWhilePresent((message) => display.notice(`warning: ${message}`)) },
  );
  let notes: RunNotes = {};
  const finish = async (ending: Ending): Promise<void> => {
    await watch.look();
    const redact: Redactor = (text) => display.redact(text);
    const end = toEnd({ ...notes, ...ending, ...mergeTexts(ending, notes) }, library, redact);
    // Below the mount point of a library that is gone, nothing is to be written.
    if (watch.gone === null) run.end(end);
    logEnd(end, { ...options, redact, durationMs: Math.round(performance.now() - startedMs) });
  };
  let result: Result;
  try {
    result = await work((more) => notes = { ...notes, ...more }, watch);
  } catch (thrown) {
    // Whatever fails in a library that is gone has that one cause.
    await watch.look();
    const error = watch.gone ?? thrown;
    const { exit, message, hint } = describeError(error);
    if (error instanceof PausedError) notes = { ...notes, pause: error.pause };
    await finish({ exitCode: exit, message, hint: hint ?? null, cause: causeOf(error) });
    throw error;
  }
  await finish(endingOf(result, context));
  return result;
}

type Ending = Pick<RunEnd, "exitCode" | "message" | "hint" | "cause">;

function endingOf(result: unknown, { signal }: Pick<CommandContext, "signal">): Ending {
  const { exitCode, reason } = result instanceof Outcome ? result : new Outcome(result, undefined);
  if (exitCode === undefined && signal.aborted) {
    const { exit, message } = describeError(signal.reason);
    return { exitCode: exit, message, hint: null, cause: causeOf(signal.reason) };
  }
  return { exitCode: exitCode ?? 0, message: reason?.message ?? null, hint: reason?.hint ?? null, cause: null };
}

/** The class of a failure, or the code of another error. */
function causeOf(error: unknown): string {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof PausedError) return "paused";
  return error instanceof KitError ? error.code : "unexpected";
}

/** The end of the command says what is wrong; the notes say why, since they know the failure behind the error. */
function mergeTexts(ending: Ending, notes: RunNotes): Pick<RunEnd, "cause" | "message" | "hint"> {
  return {
    cause: notes.cause ?? ending.cause,
    message: ending.message ?? notes.message ?? null,
    // Its own text names the command that goes on too, which the record has in a field.
    hint: notes.hint !== undefined ? notes.hint : ending.hint,
  };
}

function toEnd(known: Ending & RunNotes, library: Library, redact: Redactor): RunEnd {
  const unfetched = library.catalog.totals({ states: ["planned"] });
  const keyOrigin = known.keyOrigin == null ? null : absolutePlace(known.keyOrigin);
  const isRefused = known.cause === "login" && keyOrigin !== null;
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
    ...known,
    cause: isRefused ? "key-rejected" : known.cause,
    message: clean(known.message),
    hint: clean(known.hint),
    again: clean(known.again ?? null),
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
  { logs, command, redact, durationMs }: RecordRunOptions & { readonly redact: Redactor; readonly durationMs: number },
): void {
  if (logs === undefined) return;
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
