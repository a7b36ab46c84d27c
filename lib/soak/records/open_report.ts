import { exists } from "@std/fs";
import { dirname, join } from "node:path";
import { acquireLock, KitError, readTextIfExists } from "../../base/mod.ts";

/** Options of {@linkcode openReport}. */
export interface OpenReportOptions<Report> {
  /** Name of the command, for the lock. */
  readonly command: string;
  /**
   * Parses and checks the report, to resume its run. It is called while this process holds the lock.
   *
   * @default {none: a report that exists belongs to another run and is an error}
   */
  readonly resume?: ((text: string) => Report) | undefined;
}

/**
 * Lock the folder of a report, in which only one run of a command may work at a time, and read the report of a run that
 * is resumed.
 *
 * @param path The report, in an existing folder
 * @param options The command, and how to resume a run
 * @returns The report of the resumed run, `null` for a new run; dispose it to release the lock
 * @throws {KitError} `unsafe` if another run uses the folder or has left its report there; `usage` if there is no report
 * to resume from
 */
export async function openReport<Report>(
  path: string,
  { command, resume }: OpenReportOptions<Report>,
): Promise<Disposable & { readonly resumed: Report | null }> {
  // Check before locking, so that no lock file remains if there is no report.
  if (resume !== undefined && !await exists(path)) throw noReport(path);
  using stack = new DisposableStack();
  stack.use(await acquireLock(join(dirname(path), `${command}.lock`), { command }));
  if (resume === undefined && await exists(path)) {
    throw new KitError("unsafe", `Cannot start a run: "${path}" belongs to an earlier run`, {
      hint: "Resume that run with --resume, or choose another --output",
    });
  }
  // Read only after locking: until then, the other process may have written another interval or the final report.
  const resumed = resume === undefined ? null : resume(await readReport(path));
  const locked = stack.move();
  return { resumed, [Symbol.dispose]: () => locked.dispose() };
}

/**
 * Read the report of a run that is to be resumed.
 *
 * @throws {KitError} `usage` if there is none
 */
export async function readReport(path: string): Promise<string> {
  const text = await readTextIfExists(path);
  if (text === null) throw noReport(path);
  return text;
}

function noReport(path: string): KitError {
  return new KitError("usage", `Cannot resume "${path}": there is no such report`, {
    hint: "Name the report of the run that was stopped",
  });
}
