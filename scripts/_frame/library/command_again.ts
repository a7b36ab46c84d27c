import { type CommandContext, renderCommandLine } from "../../../lib/cli/mod.ts";
import type { Library } from "../../../lib/downloader/mod.ts";

/**
 * The command line that continues the run. The environment may have been set for one command only, so its folder is
 * added as `-o`.
 */
export function commandAgain(
  { commandLine, sourceOf }: Pick<CommandContext, "commandLine" | "sourceOf">,
  { root }: Pick<Library, "root">,
): string {
  return sourceOf("output") === "env" ? `${commandLine} ${renderCommandLine(["-o", root])}` : commandLine;
}
