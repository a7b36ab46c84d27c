import type { Display } from "../../../lib/cli/mod.ts";
import { describeRebuild, FINISH_REBUILD, type UnfinishedRebuild } from "../../../lib/downloader/mod.ts";

/** Create a callback that warns of a catalog that lacks files, for commands that are useful all the same. */
export function warnOfRebuild(display: Pick<Display, "notice">): (rebuild: UnfinishedRebuild) => void {
  return (rebuild) => display.notice(`warning: ${describeRebuild(rebuild)}. ${FINISH_REBUILD}`);
}
