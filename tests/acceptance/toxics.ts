/**
 * Faults hit one request in ten, over some 500 files.
 *
 * Bounds: every file ends right or with the outcome that the server meant; no process is silent for a minute longer
 * than the most patient engine tolerates a silent body, since the failsafe steps down to it. A silent body takes a
 * minute or two, so this takes about half an hour: `deno run -q -P=acceptance tests/acceptance/toxics.ts [--seed 1]`
 *
 * @module
 */
import { PROFILES } from "../../lib/transfer/mod.ts";
import { allToxics } from "../integration/scenarios/all_toxics.ts";
import { runToxics } from "../integration/scenarios/toxics.ts";
import { numberFlag } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

const HANG_MS = PROFILES.stable.stallMs + 60_000;

if (import.meta.main) {
  const start = performance.now();
  const figures = await runToxics({
    libraries: 10,
    filesPerLibrary: 56,
    toxics: allToxics(0.1),
    seed: numberFlag("seed", 1),
    hangMs: HANG_MS,
  });
  reportFigures({ ...figures, seconds: (performance.now() - start) / 1000 }, [
    { name: "every file right or as meant", isMet: figures.unexpected.length === 0 && figures.files >= 500 },
    { name: "every image right", isMet: figures.wrongImages.length === 0 },
    { name: "all that can be had is there after a second run", isMet: figures.unexpectedAfterSecondRun.length === 0 },
    { name: "no hang", isMet: figures.hangs === 0 },
    { name: "good manners", isMet: figures.violations === 0 },
    { name: "the sandbox itself is sound", isMet: figures.crashes === 0 },
  ]);
}
