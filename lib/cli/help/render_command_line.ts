import { quoteWord } from "../../base/mod.ts";

/** Render a command line that can be pasted into a POSIX shell: words with special characters are quoted. */
export function renderCommandLine(args: readonly string[]): string {
  return args.map(quoteWord).join(" ");
}
