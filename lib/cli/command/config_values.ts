import type { Command } from "./command.ts";

/** The values that a configuration file holds for one command. */
export interface ConfigValues {
  /** The path of the file, as errors show it. */
  readonly path: string;
  /** Unparsed values by flag name, for flags of this command only: any other name is an error. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The line number of each name, from 1, if known. */
  readonly lines?: Readonly<Record<string, number>>;
}

/**
 * Finds and reads the configuration file for a command. Implemented by the room that owns the file format.
 *
 * @param command The command that is about to run
 * @param explicitPath The value of `--config`, if given; a missing file is then an error
 * @param options The signal that asks the run to stop, for a file that is a pipe
 * @returns The file's values; `undefined` if there is no file
 */
export type LoadConfig = (
  command: Command,
  explicitPath: string | undefined,
  options: { readonly signal: AbortSignal },
) => Promise<ConfigValues | undefined>;
