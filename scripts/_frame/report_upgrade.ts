import type { Display } from "../../lib/cli/mod.ts";

/** Create a callback that announces the upgrade of a catalog, during which no progress can be shown. */
export function reportUpgrade(display: Pick<Display, "notice">): () => void {
  return () => display.notice("note: Upgrading the catalog, once; this takes about a minute for 100 000 files");
}
