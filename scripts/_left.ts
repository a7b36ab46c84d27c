import { type CommandContext, renderCommandLine } from "../lib/cli/mod.ts";
import type { Library } from "../lib/downloader/mod.ts";

/** What a run did not come to, and what goes on with it. */
export interface Left {
  readonly items: number;
  /** What the user typed, with the folder where only the environment names it. */
  readonly command: string;
}

/**
 * Count what is still planned.
 *
 * @param context What the user typed
 * @param library The library, after the run
 * @param runId The run; without it, all that is planned in the library
 * @returns Number and command; `null` if nothing is left
 */
export function countLeft(
  context: Pick<CommandContext, "commandLine" | "given">,
  library: Pick<Library, "catalog" | "root">,
  runId: number | undefined,
): Left | null {
  const items = library.catalog.totals({ runId, states: ["planned"] }).count;
  return items === 0 ? null : { items, command: commandAgain(context, library) };
}

/** What the user typed, and the folder if it came from the environment, which may have been that of one line. */
export function commandAgain(
  { commandLine, given }: Pick<CommandContext, "commandLine" | "given">,
  { root }: Pick<Library, "root">,
): string {
  return given("output") === "env" ? `${commandLine} ${renderCommandLine(["-o", root])}` : commandLine;
}

/** Say it, as the last line of a run. */
export function renderLeft({ items, command }: Left): string {
  return `${items} left, run again with: ${command}`;
}
