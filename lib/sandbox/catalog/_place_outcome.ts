import type { SettledCatalog } from "./settled_catalog.ts";
import { PLACED_OUTCOMES, type PlacedOutcome } from "./outcome.ts";

/**
 * Choose the outcome that is placed on a model, if any. Outcomes are assigned to the models in a shuffled order, so
 * each outcome gets exactly its share. An outcome whose share rounds to zero models gets one model, as long as less
 * than half of the catalog has an outcome.
 *
 * @param settled Shares and seed
 * @param modelIndex Position of the model in the catalog
 * @returns The outcome of its first version (of all of them for `archived` and `takenDown`), or `null`
 */
export function placeOutcome(settled: SettledCatalog, modelIndex: number): PlacedOutcome | null {
  const { models, outcomes, seed } = settled;
  const position = (modelIndex * shuffleStep(models) + seed * 7) % models;
  let dealt = 0;
  for (const outcome of PLACED_OUTCOMES) {
    const share = outcomes[outcome] ?? 0;
    if (share === 0) continue;
    const count = Math.round(share * models);
    // A share that rounds to nothing still has one model, while there is room.
    const least = dealt < Math.floor(models / 2) ? 1 : 0;
    const given = count > 0 ? Math.min(count, models - dealt) : least;
    if (position >= dealt && position < dealt + given) return outcome;
    dealt += given;
  }
  return null;
}

/** Return a step that visits every position once: near the golden section of the count, and coprime to it. */
function shuffleStep(count: number): number {
  let step = Math.max(1, Math.floor(count * 0.618));
  while (commonDivisor(step, count) !== 1) step++;
  return step;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
