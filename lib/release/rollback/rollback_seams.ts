import type { RunProgramOptions } from "../install/run_program.ts";

/** What a rollback needs to do with the user's library. The program that reads libraries provides it. */
export interface RollbackLibrary {
  /**
   * Check that a program can read a library, and find out whether a run has to be stopped. Changes nothing.
   *
   * @param library The library's folder
   * @param options The program's version of catalogs, and whether to stop a run that holds the library
   * @returns What has to be done, in words; `null` if nothing
   * @throws {KitError} `unsafe` if the program cannot read it
   */
  check(library: string, options: CheckLibraryOptions): Promise<string | null>;
  /**
   * Ask the run that holds the library to stop, as Ctrl-C does, and wait for its end. It can be continued.
   *
   * @param library The library's folder
   * @param signal Stops waiting for it
   * @throws {KitError} `unsafe` if it does not end
   */
  stopRun(library: string, signal: AbortSignal): Promise<void>;
}

/** Options of {@linkcode RollbackLibrary.check}. */
export interface CheckLibraryOptions {
  /** Version of the catalogs that the program reads; `null` if it is not known. */
  readonly catalogVersion: number | null;
  /** Whether to stop a run that holds the library. */
  readonly stopsRun: boolean;
}

/** Runs a command of the program that is being verified. */
export type RunVersion = (
  args: readonly string[],
  options?: Partial<RunProgramOptions>,
) => Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;

/**
 * Let a program download from a local imitation of Civitai into a temporary folder, and compare the files with their
 * source. For versions that have no self-test.
 *
 * @param run Runs a command of the program
 * @param signal Stops it
 * @returns What was found, in words
 * @throws {KitError} `failed` or `integrity` if the program does not work
 */
export type TryDownload = (run: RunVersion, signal: AbortSignal) => Promise<string>;
