import type { CommandContext } from "../../lib/cli/mod.ts";
import type { Library } from "../../lib/downloader/mod.ts";
import { commandAgain } from "../_frame/library/command_again.ts";

/** Items that a run left unfinished, and the command that continues it. */
export interface UnfinishedItems {
  readonly items: number;
  /** Their stated size. */
  readonly bytes: number;
  /** The command line of the user; `-o` is added if the folder is set only by the environment. */
  readonly command: string;
}

/**
 * Count the items that are still planned.
 *
 * @param runId The run; `undefined` for all planned items of the library
 * @returns Their number and the command; `null` if nothing is left
 */
export function countUnfinished(
  context: Pick<CommandContext, "commandLine" | "sourceOf">,
  library: Pick<Library, "catalog" | "root">,
  runId: number | undefined,
): UnfinishedItems | null {
  const { count, bytes } = library.catalog.totals({ runId, states: ["planned"] });
  return count === 0 ? null : { items: count, bytes, command: commandAgain(context, library) };
}

/** Render the last line of a run. */
export function renderUnfinished({ items, command }: UnfinishedItems): string {
  return `${items} left, run again with: ${command}`;
}
