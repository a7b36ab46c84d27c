import { KitError } from "../../base/mod.ts";

/** The filters of a listing of models. */
export interface ModelQuery {
  /** Only models of this creator. */
  readonly username?: string | undefined;
  /** Full-text search. If set, the server applies most other filters only within each page of hits. */
  readonly query?: string | undefined;
  /** Only models with exactly this tag. */
  readonly tag?: string | undefined;
  /** `Checkpoint`, `LORA`, …; /enums lists them. */
  readonly types?: readonly string[] | undefined;
  /** `SDXL 1.0`, `Pony`, …; each model then contains only the matching versions. */
  readonly baseModels?: readonly string[] | undefined;
  /** Only checkpoints made in this way. */
  readonly checkpointType?: "Trained" | "Merge" | undefined;
  /**
   * Order. With `Newest`, one model is missing at each page boundary because of a server bug.
   *
   * @default {"Highest Rated"}
   */
  readonly sort?: string | undefined;
  /** `AllTime`, `Year`, `Month`, `Week` or `Day`; the server's default if absent. */
  readonly period?: string | undefined;
  /** Only these models, including versions that are otherwise not public. */
  readonly ids?: readonly number[] | undefined;
  /**
   * Whether to list mature models too; false lists PG only.
   *
   * @default {true}
   */
  readonly nsfw?: boolean | undefined;
  /** Only favorites of the token's account. */
  readonly favorites?: boolean | undefined;
  /** Only models that the token's account has hidden. */
  readonly hidden?: boolean | undefined;
  /** Whether to list archived models too. */
  readonly archived?: boolean | undefined;
  /** Only models in early access. */
  readonly earlyAccess?: boolean | undefined;
  /**
   * Models per page, 1 to 100.
   *
   * @default {100}
   */
  readonly limit?: number | undefined;
}

/**
 * Build the query of /models. An empty value is an error, because the server would drop it and list everything. A
 * boolean is sent only if true, because the server reads the string "false" as true. `page` is never sent.
 *
 * @param query The filters
 * @returns The parameters, without a cursor
 * @throws {KitError} `usage` if a value is invalid
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { modelSearchParams } from "@civitai-dl/civitai-dl/civitai";
 *
 * const parameters = modelSearchParams({ username: "alice", types: ["Checkpoint", "LORA"] });
 * assertEquals(
 *   parameters.toString(),
 *   "limit=100&username=alice&sort=Highest+Rated&types=Checkpoint&types=LORA&nsfw=true",
 * );
 * ```
 */
export function modelSearchParams(query: ModelQuery): URLSearchParams {
  const { sort = "Highest Rated", nsfw = true, limit = 100 } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw invalidFilter("limit", `${limit} is not an integer between 1 and 100`);
  }
  // The server removes all other characters from a name. If none are left, it drops the filter and lists all users'
  // models.
  if (query.username !== undefined && !/[A-Za-z0-9]/.test(query.username)) {
    throw invalidFilter("username", `"${query.username}" has no ASCII letter or digit`);
  }
  const parameters = new URLSearchParams({ limit: String(limit) });
  const texts = { username: query.username, query: query.query, tag: query.tag, checkpointType: query.checkpointType };
  for (const [name, value] of Object.entries({ ...texts, sort, period: query.period })) {
    if (value === undefined) continue;
    if (value.trim() === "") throw invalidFilter(name, "it is empty");
    parameters.set(name, value);
  }
  for (const [name, values] of Object.entries({ types: query.types, baseModels: query.baseModels })) {
    if (values?.length === 0) throw invalidFilter(name, "it is empty");
    for (const value of values ?? []) {
      if (value.trim() === "" || value.includes(",")) throw invalidFilter(name, `"${value}" is not a single name`);
      parameters.append(name, value);
    }
  }
  if (query.ids !== undefined) parameters.set("ids", idList(query.ids));
  const { favorites, hidden, archived, earlyAccess } = query;
  for (const [name, value] of Object.entries({ nsfw, favorites, hidden, archived, earlyAccess })) {
    if (value === true) parameters.set(name, "true");
  }
  return parameters;
}

function idList(ids: readonly number[]): string {
  if (ids.length === 0) throw invalidFilter("ids", "it is empty");
  const bad = ids.find((id) => !Number.isSafeInteger(id) || id < 1);
  if (bad !== undefined) throw invalidFilter("ids", `${bad} is not an id`);
  return ids.join(",");
}

function invalidFilter(name: string, state: string): KitError {
  return new KitError("usage", `Cannot list models: "${name}" is invalid: ${state}`, {
    hint: "Correct or omit it: the server ignores invalid filters and would list everything",
  });
}
