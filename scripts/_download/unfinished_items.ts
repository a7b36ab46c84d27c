import type { UnfinishedCount } from "../../lib/downloader/mod.ts";

/** Items that a run left unfinished, and the command that continues it. */
export interface UnfinishedItems extends UnfinishedCount {
  /** The command line of the user; `-o` is added if the folder is set only by the environment. */
  readonly command: string;
}

/** Render the last line of a run. */
export function renderUnfinished({ items, command }: UnfinishedItems): string {
  return `${items} left, run again with: ${command}`;
}
