/**
 * Damages a library of 500 models and more than 2 000 pictures in nine ways, each at 5 % of each kind of file, and lets
 * `verify --deep` and `repair` find and mend it. A person has worked in it too: files of their own, edited sidecars,
 * previews that they replaced.
 *
 * Bounds: the first `verify --deep` names every damaged file and no other; `repair` gives each its old content at its old
 * name; the second `verify --deep` finds nothing; what the person made, and what nobody touched, is as it was.
 * Takes some minutes: `deno run -q -P=acceptance tests/acceptance/damage.ts [--models 500] [--seed 1]`
 *
 * @module
 */
import { runDamage } from "../integration/scenarios/damage.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  const models = numberFlag("models", 500);
  const figures = await runDamage({
    creators: 10,
    modelsPerCreator: Math.ceil(models / 10),
    share: 0.05,
    seed: numberFlag("seed", 1),
    onProgress: tellProgress,
  });
  const { codes } = figures;
  reportFigures(figures, [
    { name: "500 models and 2 000 pictures", isMet: models < 500 || figures.pictures >= 2000 },
    { name: "each kind of damage to each kind of file", isMet: models < 500 || figures.uncovered.length === 0 },
    { name: "each damaged file is named", isMet: figures.unnamed.length === 0 && codes.verify === 7 },
    { name: "no other file is named", isMet: figures.namedWrongly.length === 0 },
    { name: "each is mended", isMet: figures.unmended.length === 0 && codes.repair === 0 },
    { name: "nothing is found again", isMet: figures.stillNamed.length === 0 && codes.verifyAgain === 0 },
    { name: "the user's files are as they were", isMet: figures.lostFiles.length + figures.lostEdits.length === 0 },
    { name: "what nobody touched is as it was", isMet: figures.disturbed.length === 0 },
  ]);
}
