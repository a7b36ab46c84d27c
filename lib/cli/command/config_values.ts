import type { Command } from "./command.ts";

/** What a configuration file says for one command. */
export interface ConfigValues {
  /** The file, as errors name it. */
  readonly path: string;
  /** Values by flag name; a name that is no flag of the command is an error, so give only what concerns it. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The line of each name, where known. */
  readonly lines?: Readonly<Record<string, number>>;
}

/**
 * Finds and reads the configuration of a command; the room that owns the file format provides it.
 *
 * @param command The command that is about to run
 * @param explicitPath What `--config` says, if given; a missing file is then an error
 * @returns Its values, or `undefined` without a file
 */
export type LoadConfig = (command: Command, explicitPath: string | undefined) => Promise<ConfigValues | undefined>;
