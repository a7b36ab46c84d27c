import type { Model, ModelVersion } from "../../../civitai/mod.ts";
import { matchesGlob } from "./_matches_glob.ts";
import type { Choice } from "../../choice.ts";

/** Options of {@linkcode chooseVersions}. */
export interface ChooseVersionsOptions {
  /** Id of the version that a target names; takes precedence over every filter, except for `Choice.except`. */
  readonly versionId?: number | null | undefined;
  /**
   * Versions of the model in the library. If there are any, the choice is of these and of newer ones, so that an update
   * does not fetch what was left out before.
   */
  readonly held?: readonly Pick<ModelVersion, "id" | "publishedAt">[] | undefined;
}

/**
 * Choose the versions of a model.
 *
 * @param model The model with all its versions
 * @param choice Filters for the model and its versions
 * @param options The version that a target names, if any, and what the library has
 * @returns The chosen versions, in the creator's order
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseModel } from "@civitai-dl/civitai-dl/civitai";
 * import { chooseVersions, DEFAULT_CHOICE } from "@civitai-dl/civitai-dl/downloader";
 *
 * const modelVersions = [{ id: 3, baseModel: "Pony" }, { id: 2, baseModel: "SDXL 1.0" }];
 * const model = parseModel({ id: 1, name: "A", modelVersions });
 * const choice = { ...DEFAULT_CHOICE, baseModels: ["sdxl"] };
 * assertEquals(chooseVersions(model, choice).map((version) => version.id), [2]);
 * assertEquals(chooseVersions(model, choice, { versionId: 3 }).map((version) => version.id), [3]);
 * ```
 */
export function chooseVersions(
  model: Model,
  choice: Choice,
  options: ChooseVersionsOptions = {},
): readonly ModelVersion[] {
  const { versionId = null, held = [] } = options;
  if (choice.except.models.includes(model.id)) return [];
  const isLeft = ({ id }: ModelVersion): boolean => !choice.except.versions.includes(id);
  if (versionId !== null) return model.versions.filter((version) => version.id === versionId).filter(isLeft);
  if (!isWantedModel(model, choice)) return [];
  const kept = model.versions
    .toSorted((a, b) => a.index - b.index)
    .filter((version) => isKept(version, choice) && isHeldOrNewer(version, held));
  return (choice.versions === "latest" ? kept.slice(0, 1) : kept).filter(isLeft);
}

/**
 * Check a model against the filters, regardless of its versions.
 *
 * @param model Type, name and tags of the model
 * @param choice Filters for the model
 * @returns Whether the type is wanted, and neither name nor tags are excluded
 */
export function isWantedModel(model: Pick<Model, "type" | "name" | "tags">, choice: Choice): boolean {
  if (choice.types.length > 0 && !includesWord(choice.types, model.type)) return false;
  return !isExcluded([model.name, ...model.tags], choice);
}

function isKept(version: ModelVersion, choice: Choice): boolean {
  const base = version.baseModel.toLowerCase();
  if (choice.baseModels.length > 0 && !choice.baseModels.some((part) => base.includes(part.toLowerCase()))) {
    return false;
  }
  if (choice.since !== null && !(version.publishedAt !== null && version.publishedAt >= choice.since)) return false;
  // A level of 0 means "not rated yet": kept only when every level is wanted.
  if (choice.levels !== 31 && (version.nsfwLevel === 0 || (version.nsfwLevel & ~choice.levels) !== 0)) return false;
  return !isExcluded([version.name], choice);
}

function isHeldOrNewer(version: ModelVersion, held: readonly DatedVersion[]): boolean {
  return held.every((other) => isNewer(version, other)) || held.some(({ id }) => id === version.id);
}

/** What decides which of two versions is newer. */
type DatedVersion = Pick<ModelVersion, "id" | "publishedAt">;

/**
 * Whether a version is newer than another one, by the time of publication. A version without one is compared by its id,
 * which is from its creation.
 */
export function isNewer({ id, publishedAt }: DatedVersion, other: DatedVersion): boolean {
  if (publishedAt === null || other.publishedAt === null) return id > other.id;
  return publishedAt > other.publishedAt;
}

function isExcluded(names: readonly string[], choice: Choice): boolean {
  return choice.exclude.some((pattern) => names.some((name) => matchesGlob(name, pattern)));
}

function includesWord(words: readonly string[], word: string): boolean {
  return words.some((candidate) => candidate.toLowerCase() === word.toLowerCase());
}
