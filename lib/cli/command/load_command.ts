import type { Command, LazyCommand } from "./command.ts";

/**
 * Import a lazy command.
 *
 * @param entry A lazy command, or a complete one, which is returned unchanged
 */
export async function loadCommand(entry: Command | LazyCommand): Promise<Command> {
  return "load" in entry ? await entry.load() : entry;
}
