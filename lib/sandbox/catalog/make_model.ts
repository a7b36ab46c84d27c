import { creatorName, modelName } from "./catalog_names.ts";
import type { SettledCatalog } from "./settled_catalog.ts";
import { FIRST_MODEL_ID, FIRST_USER_ID } from "./ids.ts";
import { makeVersion } from "./make_version.ts";
import { TAG_NAMES } from "./names.ts";
import { placeOutcome } from "./_place_outcome.ts";
import type { PlacedOutcome } from "./outcome.ts";
import { rollPick, rollRange, rollUnit } from "../_roll.ts";
import type { CatalogCreator, CatalogModel, CatalogStats } from "./catalog_model.ts";

/** Model types, assigned in turn so that a small catalog contains the common ones. */
const TYPES = [
  ...["LORA", "Checkpoint", "LORA", "TextualInversion", "Checkpoint", "LoCon", "LORA", "Checkpoint", "VAE", "DoRA"],
  ...["Checkpoint", "Controlnet", "LLM", "LORA", "Checkpoint", "Wildcards", "Upscaler", "Poses", "Workflows"],
  ...["MotionModule"],
];

/** Make the creator at a position. */
export function makeCreator(index: number): CatalogCreator {
  return { index, userId: FIRST_USER_ID + index, username: creatorName(index) };
}

/** The type of the model at a position. */
export function modelTypeOf(settled: SettledCatalog, modelIndex: number): string {
  return TYPES[(modelIndex + settled.seed) % TYPES.length]!;
}

/** Return the number of versions of a model. */
export function versionCountOf(settled: SettledCatalog, modelIndex: number): number {
  return rollRange(settled.versionsPerModel, settled.seed, "versions", modelIndex);
}

/** The counters of a model. */
export function modelStatsOf(settled: SettledCatalog, modelIndex: number): CatalogStats {
  const count = (topic: string, max: number): number =>
    Math.floor(rollUnit(settled.seed, topic, modelIndex) ** 3 * max);
  return {
    downloadCount: count("downloads", 90_000),
    thumbsUpCount: count("thumbs", 4000),
    commentCount: count("comments", 400),
    collectedCount: count("collected", 900),
    imageCount: count("image-count", 500),
  };
}

/**
 * Make a model from its position in the catalog.
 *
 * @param settled The options of the catalog
 * @param index The position
 * @param sizes Exact sizes of some files
 * @returns The model
 */
export function makeModel(
  settled: SettledCatalog,
  index: number,
  sizes: ReadonlyMap<number, number>,
): CatalogModel {
  const { seed } = settled;
  const creatorIndex = Math.floor(index / settled.modelsPerCreator);
  const placed = placeOutcome(settled, index);
  const creator = isOrphan(settled, index) ? null : makeCreator(creatorIndex);
  const type = modelTypeOf(settled, index);
  const owner = { modelIndex: index, modelType: type, creatorIndex, placed, sizes };
  const count = versionCountOf(settled, index);
  const username = creator?.username ?? null;
  const versions = Array.from({ length: count }, (_, place) => makeVersion(settled, { ...owner, username }, place));
  return {
    id: FIRST_MODEL_ID + index,
    index,
    creator,
    userId: FIRST_USER_ID + creatorIndex,
    name: modelName(settled, index),
    type,
    versions,
    description: rollUnit(seed, "about", index) < 0.8 ? `<p>Invented sample ${index}.</p>` : null,
    tags: [...new Set([0, 1, 2].map((slot) => rollPick(TAG_NAMES, seed, "tag", index, slot)))],
    nsfwLevel: versions.reduce((bits, version) => bits | version.nsfwLevel, 0),
    mode: modeOf(placed),
    stats: modelStatsOf(settled, index),
  };
}

function modeOf(placed: PlacedOutcome | null): CatalogModel["mode"] {
  if (placed === "archived") return "Archived";
  return placed === "takenDown" ? "TakenDown" : null;
}

/** Whether the account of the model's owner no longer exists. Never true for a creator's first model. */
function isOrphan(settled: SettledCatalog, index: number): boolean {
  return index % settled.modelsPerCreator !== 0 && index % 11 === 5;
}
