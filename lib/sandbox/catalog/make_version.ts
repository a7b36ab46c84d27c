import { nastyName } from "./catalog_names.ts";
import type { SettledCatalog } from "./settled_catalog.ts";
import { FIRST_MODEL_ID, versionIdOf } from "./ids.ts";
import { makeFile } from "./_make_file.ts";
import { makeShowcase } from "./_make_image.ts";
import { rollPick, rollRange, rollUnit } from "../_roll.ts";
import type { CatalogVersion } from "./catalog_model.ts";
import type { Outcome, PlacedOutcome } from "./outcome.ts";

const BASE_MODELS = ["SD 1.5", "SDXL 1.0", "Pony", "Illustrious", "Flux.1 D", "NoobAI", "SD 2.1"];
const LEVELS = [1, 1, 1, 3, 4, 7, 28];
const DAY_MS = 86_400_000;
const FIRST_PUBLISHED_MS = Date.UTC(2023, 0, 1);

/** The properties of a model that its versions depend on. */
export interface VersionOwner {
  readonly modelIndex: number;
  readonly modelType: string;
  readonly creatorIndex: number;
  readonly username: string | null;
  readonly placed: PlacedOutcome | null;
  /** Exact sizes of some files in bytes, by file id. */
  readonly sizes: ReadonlyMap<number, number>;
}

/**
 * Return when the first-listed version of a model was published, in milliseconds since the epoch. The time is different
 * for each model.
 */
export function publishedAtOf(settled: SettledCatalog, modelIndex: number): number {
  const day = rollRange({ min: 0, max: 1000 }, settled.seed, "published", modelIndex);
  return FIRST_PUBLISHED_MS + day * DAY_MS + modelIndex * 137;
}

/**
 * Make a version of a model. The catalog adds its linked file.
 *
 * @param settled The options of the catalog
 * @param owner Its model
 * @param index Position in the model
 * @returns The version
 */
export function makeVersion(settled: SettledCatalog, owner: VersionOwner, index: number): CatalogVersion {
  const { seed } = settled;
  const { modelIndex, username, sizes, ...model } = owner;
  const id = versionIdOf({ modelIndex, versionIndex: index });
  const requiresLogin = rollUnit(seed, "login", id) < settled.requireLogin;
  const outcome = outcomeOf(owner.placed, index, requiresLogin);
  const name = (index === 0 ? nastyName(settled, modelIndex, 1) : null) ?? `v${3 - index}.0`;
  const nsfwLevel = rollPick(LEVELS, seed, "level", modelIndex);
  const publishedAtMs = publishedAtOf(settled, modelIndex) - index * 30 * DAY_MS;
  const trainedWords = rollUnit(seed, "words", id) < 0.7 ? [`word${modelIndex}`, `style, soft light ${index}`] : [];
  const fileOwner = { ...model, versionId: id, versionName: name, outcome, trainedWord: `word${modelIndex}` };
  const fileCount = rollRange(settled.filesPerVersion, seed, "files", id);
  return {
    id,
    modelId: FIRST_MODEL_ID + modelIndex,
    index,
    name,
    publishedAtMs,
    nsfwLevel,
    trainedWords,
    baseModel: rollPick(BASE_MODELS, seed, "base", id),
    description: rollUnit(seed, "described", id) < 0.5 ? "<p>Bigger <strong>data set</strong>.</p>" : null,
    outcome,
    requiresLogin,
    earlyAccessUntilMs: outcome === "earlyAccess" ? settled.todayMs + 14 * DAY_MS : null,
    files: Array.from({ length: fileCount }, (_, file) => makeFile(settled, fileOwner, file, sizes)),
    linkedFile: null,
    images: outcome === "takenDown"
      ? []
      : makeShowcase(settled, id, { username, nsfwLevel, createdAtMs: publishedAtMs }),
  };
}

function outcomeOf(placed: PlacedOutcome | null, index: number, requiresLogin: boolean): Outcome {
  if (placed === "archived" || placed === "takenDown" || (placed !== null && index === 0)) return placed;
  return requiresLogin ? "login" : "ok";
}
