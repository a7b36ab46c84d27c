/**
 * Fetches 10 000 model files, and gives the same command again.
 *
 * Bounds: the second run asks for no file, opens none, and takes at most 2 s beyond the API's answers (the median of five). Images are left
 * out (`--no-images`): their listings are questions to the API, not files. Without strace, the storage's silence alone
 * tells that no model file was read. Takes some minutes: `deno run -q -P=acceptance tests/acceptance/second_run.ts`
 *
 * @module
 */
import { runTwice } from "../integration/scenarios/second_run.ts";
import { numberFlag } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  // Some models have no owner and are in no creator's listing.
  const figures = await runTwice({ creators: 4, modelsPerCreator: numberFlag("models", 2800), rounds: 5 });
  reportFigures(figures, [
    { name: "10 000 files, all right", isMet: figures.files >= 10_000 && figures.right === figures.files },
    { name: "both runs end with 0", isMet: figures.firstCode === 0 && figures.secondCode === 0 },
    { name: "no hit on the download route", isMet: figures.downloadHits === 0 && figures.storageBytes === 0 },
    { name: "no model file opened", isMet: (figures.openedFiles ?? []).length === 0 },
    { name: "at most 2 s beyond the API", isMet: figures.beyondApiSeconds <= 2 },
  ]);
}
