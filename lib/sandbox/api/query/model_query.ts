import type { ApiCall } from "../api_call.ts";
import { badOption, badType, type Issue, readNumber, readOption, tooSmall } from "../api_errors.ts";
import { ENUM_LISTS } from "../enum_lists.ts";
import { MODEL_SORTS } from "./model_order.ts";
import { TAG_NAMES } from "../../catalog/names.ts";
import { availabilityOf } from "../render/render_version.ts";
import type { CatalogModel, CatalogVersion } from "../../catalog/catalog_model.ts";

/** Lengths of periods in milliseconds; any other period means all time. */
export const PERIOD_MS: Readonly<Record<string, number>> = {
  Day: 86_400_000,
  Week: 604_800_000,
  Month: 2_592_000_000,
  Year: 31_536_000_000,
};
/** All accepted periods. */
export const PERIODS = [...Object.keys(PERIOD_MS), "AllTime"];
const TRUE_WORDS = ["true", "1", "yes", "on", "y", "enabled"];
const FALSE_WORDS = ["false", "0", "no", "off", "n", "disabled"];

/** The parsed parameters of `/models`. */
export interface ModelQuery {
  readonly limit: number;
  readonly page: number | null;
  readonly cursor: string | null;
  readonly text: string | null;
  readonly username: string | null;
  readonly sort: string;
  readonly types: readonly string[];
  readonly baseModels: readonly string[];
  readonly checkpointType: string | null;
  /** `null` if there is no such tag, in which case it is ignored. */
  readonly tag: string | null;
  /** Maturity bits. */
  readonly levels: number;
  readonly ids: readonly number[];
  readonly versionIds: readonly number[];
  readonly periodMs: number;
  readonly archived: boolean;
  readonly earlyAccess: boolean;
  readonly primaryFileOnly: boolean;
}

/**
 * Parse the parameters of `/models`.
 *
 * @param call The request
 * @returns The parameters, or the issues with them
 */
export function readModelQuery(call: ApiCall): ModelQuery | readonly Issue[] {
  const { query, allowedLevels } = call;
  const issues: Issue[] = [];
  const limit = readNumber(query, "limit", { min: 0, max: 100 }, issues) ?? 100;
  const page = readNumber(query, "page", { min: 1, max: Infinity }, issues);
  const types = query.getAll("types");
  for (const [index, type] of types.entries()) {
    if ((ENUM_LISTS.ModelType as readonly string[]).includes(type)) continue;
    issues.push({ ...badOption("types", ENUM_LISTS.ModelType), path: ["types", index] });
  }
  const sort = readOption(query, "sort", MODEL_SORTS, issues) ?? "Highest Rated";
  const period = readOption(query, "period", PERIODS, issues);
  readOption(query, "periodMode", ["published", "stats"], issues);
  readOption(query, "availability", ["Public", "Unsearchable", "Private", "EarlyAccess"], issues);
  const checkpointType = readOption(query, "checkpointType", ["Trained", "Merge"], issues);
  for (const name of ["allowNoCredit", "allowDerivatives", "allowDifferentLicense"]) {
    if (query.has(name)) issues.push(badType(name, "boolean"));
  }
  if (query.has("browsingLevel")) issues.push(badType("browsingLevel", "number"));
  if (query.getAll("fileFormats").length === 1) issues.push(badType("fileFormats", "array"));
  const nsfw = readSwitch(query, "nsfw", issues);
  const primaryFileOnly = readSwitch(query, "primaryFileOnly", issues);
  const ids = readIds(query, "ids", issues);
  const versionIds = readIds(query, "modelVersionIds", issues);
  if (issues.length > 0) return issues;
  const tag = query.get("tag") ?? query.get("tagname");
  return {
    limit,
    page,
    cursor: query.get("cursor"),
    text: query.get("query"),
    username: query.get("username"),
    sort,
    types,
    checkpointType,
    ids,
    versionIds,
    primaryFileOnly,
    baseModels: query.getAll("baseModels"),
    tag: tag !== null && TAG_NAMES.includes(tag) ? tag : null,
    levels: (nsfw ? 31 : 1) & allowedLevels,
    periodMs: PERIOD_MS[period ?? ""] ?? Infinity,
    // Coerced as in JavaScript: the string "false" is true.
    archived: Boolean(query.get("archived")),
    earlyAccess: Boolean(query.get("earlyAccess")),
  };
}

/** Whether a model matches a query. */
export function matchesModel(query: ModelQuery, model: CatalogModel, nowMs: number): boolean {
  if (model.mode === "Archived" && !query.archived) return false;
  if (query.types.length > 0 && !query.types.includes(model.type)) return false;
  if (query.tag !== null && !model.tags.includes(query.tag)) return false;
  if ((model.nsfwLevel & query.levels) === 0) return false;
  if (query.ids.length > 0 && !query.ids.includes(model.id)) return false;
  if (query.versionIds.length > 0 && !model.versions.some((it) => query.versionIds.includes(it.id))) return false;
  if (query.baseModels.length > 0 && !model.versions.some((it) => query.baseModels.includes(it.baseModel))) {
    return false;
  }
  if (query.earlyAccess && !model.versions.some((it) => availabilityOf(it) === "EarlyAccess")) return false;
  if (
    query.checkpointType !== null && model.type === "Checkpoint" &&
    isMerge(model) !== (query.checkpointType === "Merge")
  ) {
    return false;
  }
  return model.versions.some((it) => nowMs - it.publishedAtMs <= query.periodMs);
}

/** Return the versions of a model that a listing shows. */
export function shownVersions(query: ModelQuery, model: CatalogModel): readonly CatalogVersion[] {
  const showsAll = query.ids.length > 0 || query.username !== null;
  return model.versions.filter((version) =>
    (showsAll || availabilityOf(version) === "Public") &&
    (query.baseModels.length === 0 || query.baseModels.includes(version.baseModel))
  );
}

function isMerge(model: CatalogModel): boolean {
  return model.index % 2 === 1;
}

function readSwitch(query: URLSearchParams, name: string, issues: Issue[]): boolean {
  const word = query.get(name)?.toLowerCase();
  if (word === undefined || FALSE_WORDS.includes(word)) return false;
  if (!TRUE_WORDS.includes(word)) issues.push(badType(name, "stringbool"));
  return true;
}

function readIds(query: URLSearchParams, name: string, issues: Issue[]): readonly number[] {
  const ids = query.getAll(name).flatMap((text) => text.split(",")).map(Number);
  if (ids.some((id) => !Number.isInteger(id))) issues.push(badType(name, "number"));
  if (ids.some((id) => id < 1)) issues.push(tooSmall(name, 1));
  return ids;
}
