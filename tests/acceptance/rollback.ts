/**
 * Rolls back in the middle of a running download of 2 GiB: the installed version is switched to an older one,
 * which then finishes the file.
 *
 * Bounds: the rollback takes less than 60 s; the file is finished by the older program with the right SHA-256; at most
 * 1.10 times the bytes are fetched, as for kills; forward again, nothing is fetched.
 * Needs 3 GiB of disk.
 * Takes about half a minute: `deno run -q -P=acceptance tests/acceptance/rollback.ts [--size 2G]`
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { parseSize } from "../../lib/base/mod.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { rollBackDuringDownload } from "../integration/scenarios/rollback_download.ts";
import { tellProgress } from "./_flag.ts";

if (import.meta.main) {
  const sizeBytes = parseSize(String(parseArgs(Deno.args).size ?? "2G"));
  const figures = await rollBackDuringDownload({ sizeBytes, seconds: 120, onProgress: tellProgress });
  reportFigures({ ...figures }, [
    { name: "rollback within 60 s", isMet: figures.rollbackCode === 0 && figures.rollbackSeconds < 60 },
    { name: "it stopped the run in the middle", isMet: figures.stoppedAt < 0.95 },
    { name: "the older program is in use", isMet: figures.version.endsWith(" 1.0.0") },
    { name: "it finished the file", isMet: figures.isFinished },
    { name: "at most 1.10 times the bytes", isMet: figures.ratio <= 1.1 },
    { name: "forward again without a download", isMet: figures.isForward },
  ]);
}
