import type { Command, LazyCommand } from "./command.ts";

/**
 * Import one command, if it is not yet.
 *
 * @param entry A command, or a promise of one
 * @returns The command
 */
export async function loadCommand(entry: Command | LazyCommand): Promise<Command> {
  return "load" in entry ? await entry.load() : entry;
}
