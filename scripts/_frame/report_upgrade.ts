import type { Display } from "../../lib/cli/mod.ts";

/** Create a callback that announces the upgrade of a catalog, during which there is no progress to show. */
export function reportUpgrade(display: Pick<Display, "notice">): () => void {
  return () => display.notice("note: The catalog is brought up to date, once: about a minute for 100 000 files");
}
