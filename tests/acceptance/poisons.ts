/**
 * Puts every poison into every field of the models and images of the fixtures, downloads everything from a real server
 * into a real library, twice, and checks that nothing is lost except what is named.
 *
 * Bounds: no item lost, no run stopped.
 * Takes some minutes: `deno run -q -P=acceptance tests/acceptance/poisons.ts [--long 1000000] [--every 1]`
 *
 * @module
 */
import { runPoisonedImages } from "../integration/scenarios/poisoned_images.ts";
import { runPoisonedModels } from "../integration/scenarios/poisoned_models.ts";
import { poisons } from "../integration/scenarios/poisons.ts";
import { numberFlag } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  const long = numberFlag("long", 1_000_000);
  const every = numberFlag("every", 1);
  const all = poisons(long);
  const start = performance.now();
  const choose = (field: number) => all.filter((_, index) => (index + field) % every === 0);
  const models = await runPoisonedModels(choose);
  const images = await runPoisonedImages(choose);
  reportFigures({ models, images, seconds: (performance.now() - start) / 1000 }, [
    { name: "nothing is lost that nobody named", isMet: models.problems.length + images.problems.length === 0 },
    { name: "every field has had a poison", isMet: models.models > 100 && images.images > 100 },
  ]);
}
