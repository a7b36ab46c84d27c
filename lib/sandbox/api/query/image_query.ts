import type { ApiCall } from "../api_call.ts";
import { badOption, badType, type Issue, readNumber, readOption } from "../api_errors.ts";
import { ENUM_LISTS } from "../enum_lists.ts";
import { PERIOD_MS, PERIODS } from "./model_query.ts";

const SORTS = ["Most Reactions", "Most Comments", "Most Collected", "Newest", "Oldest", "Random"];
/** "true" means only mature images: it omits those that "false" shows. */
const NSFW_LEVELS: Readonly<Record<string, number>> = {
  None: 1,
  Soft: 3,
  Mature: 7,
  X: 31,
  Blocked: 32,
  true: 60,
  false: 1,
};
const ANY = { min: 0, max: 2_147_483_647 };

/** The parsed parameters of `/images`. */
export interface ImageQuery {
  readonly limit: number;
  readonly page: number | null;
  readonly cursor: string | null;
  readonly postId: number | null;
  readonly modelId: number | null;
  readonly versionId: number | null;
  readonly imageId: number | null;
  readonly username: string | null;
  readonly sort: string;
  readonly periodMs: number;
  /** Maturity bits. */
  readonly levels: number;
  readonly type: string | null;
  readonly baseModels: readonly string[];
  readonly withMeta: boolean;
  readonly requiringMeta: boolean;
  readonly flatMeta: boolean;
  readonly withTags: boolean;
}

/**
 * Parse the parameters of `/images`.
 *
 * @param call The request
 * @returns The parameters, or the issues with them
 */
export function readImageQuery(call: ApiCall): ImageQuery | readonly Issue[] {
  const { query, allowedLevels } = call;
  const issues: Issue[] = [];
  const number = (name: string): number | null => readNumber(query, name, ANY, issues);
  const limit = readNumber(query, "limit", { min: 0, max: 200 }, issues) ?? 100;
  const sort = readOption(query, "sort", SORTS, issues) ?? "Most Reactions";
  if (sort === "Random") issues.push({ code: "custom", path: ["sort"], message: "Random sort requires a collection" });
  const period = readOption(query, "period", PERIODS, issues);
  const type = readOption(query, "type", ["image", "video", "audio"], issues);
  const nsfw = readOption(query, "nsfw", Object.keys(NSFW_LEVELS), issues);
  const username = query.get("username");
  if (username !== null && !/^[A-Za-z0-9_]*$/.test(username)) issues.push(badType("username", "pattern"));
  const baseModels = (query.get("baseModels") ?? "").split(",").filter((name) => name !== "");
  if (baseModels.some((name) => !(ENUM_LISTS.BaseModel as readonly string[]).includes(name))) {
    issues.push(badOption("baseModels", ENUM_LISTS.BaseModel));
  }
  const browsingLevel = number("browsingLevel");
  const read: ImageQuery = {
    limit,
    sort,
    type,
    username,
    baseModels,
    page: number("page"),
    cursor: query.get("cursor"),
    postId: number("postId"),
    modelId: number("modelId"),
    versionId: number("modelVersionId"),
    imageId: number("imageId"),
    periodMs: PERIOD_MS[period ?? ""] ?? Infinity,
    levels: (browsingLevel ?? NSFW_LEVELS[nsfw ?? "false"] ?? 1) & (allowedLevels === 31 ? 63 : allowedLevels),
    withMeta: isOn(query, "withMeta"),
    requiringMeta: isOn(query, "requiringMeta"),
    flatMeta: isOn(query, "flatMeta"),
    withTags: isOn(query, "withTags"),
  };
  return issues.length > 0 ? issues : read;
}

function isOn(query: URLSearchParams, name: string): boolean {
  return ["true", "1"].includes(query.get(name) ?? "");
}
