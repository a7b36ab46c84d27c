import { type CommandContext, describeError, Outcome } from "../../../lib/cli/mod.ts";
import {
  type CommandEnd,
  type Library,
  type LibraryWatch,
  type NoteRun,
  recordRun,
} from "../../../lib/downloader/mod.ts";
import { commandAgain } from "./command_again.ts";
import { rememberLibrary } from "./library_memory.ts";

/** Options of {@linkcode recordCommand}. */
export interface RecordCommandOptions {
  /** Name of the command. */
  readonly command: string;
  /** Bytes that the run keeps free on the disk; absent for a command that downloads nothing. */
  readonly reserveBytes?: number | undefined;
  /** Folder of `download.log`, which gets the end of the run too; absent for a command without a log. */
  readonly logs?: string | undefined;
}

/** Run the work of a command on a library, and record how it ends as the command says it. */
export async function recordCommand<Result>(
  context: Pick<CommandContext, "signal" | "display" | "io" | "env" | "commandLine" | "sourceOf">,
  library: Library,
  { command, reserveBytes, logs }: RecordCommandOptions,
  work: (note: NoteRun, watch: LibraryWatch) => Promise<Result>,
): Promise<Result> {
  const { display, io, env, signal } = context;
  if (library.isWritable) await rememberLibrary(library.root, env);
  return await recordRun(library, work, {
    command,
    isAttended: io.inIsTerminal || io.errIsTerminal,
    reserveBytes: reserveBytes ?? null,
    again: commandAgain(context, library),
    logs: logs ?? null,
    redact: (text) => display.redact(text),
    endOf,
    endOfError,
    onWarning: (message) => display.notice(`warning: ${message}`),
    signal,
  });
}

function endOf(result: unknown): CommandEnd {
  if (!(result instanceof Outcome)) return { exitCode: undefined, message: null, hint: null };
  const { exitCode, reason } = result;
  return { exitCode, message: reason?.message ?? null, hint: reason?.hint ?? null };
}

function endOfError(error: unknown): CommandEnd & { readonly exitCode: number } {
  const { exit, message, hint = null } = describeError(error);
  return { exitCode: exit, message, hint };
}
