import type { RunProgramOptions } from "../install/run_program.ts";

/** What a rollback needs to do with the user's library. The program that reads libraries provides it. */
export interface RollbackLibrary {
  /**
   * Find out what has to be done so that a program can read a library. Changes nothing.
   *
   * @param library The library's folder
   * @param options The program's version of catalogs, and whether a run that holds the library may be stopped
   * @returns What has to be done, in words; `null` if nothing
   * @throws {KitError} `unsafe` if it cannot be done
   */
  check(library: string, options: CheckLibraryOptions): Promise<string | null>;
  /**
   * Convert the library for a program. The newer files are kept under names that contain the stamp.
   *
   * @param library The library's folder
   * @param options The program's version of catalogs, the stamp, and whether to stop a run that holds the library
   */
  convert(library: string, options: ConvertLibraryOptions): Promise<void>;
  /**
   * Put the kept files of a stamp back, if they are there and nothing was written to the library since.
   *
   * @param library The library's folder
   * @param stamp As in {@linkcode ConvertLibraryOptions}
   * @returns Why they were not put back, to be said after its name; `null` if they were
   */
  restore(library: string, stamp: string): Promise<string | null>;
}

/** Options of {@linkcode RollbackLibrary.check}. */
export interface CheckLibraryOptions {
  /** Version of the catalogs that the program reads; `null` if it is not known. */
  readonly catalogVersion: number | null;
  /** Whether to stop a run that holds the library, as Ctrl-C does. */
  readonly stopsRun: boolean;
}

/** Options of {@linkcode RollbackLibrary.convert}. */
export interface ConvertLibraryOptions extends CheckLibraryOptions {
  /** Part of the names of the files that are kept, such as `20261127T031502123Z`. */
  readonly stamp: string;
  /** Stops waiting for it. */
  readonly signal: AbortSignal;
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
