import { KitError } from "../../base/mod.ts";

/** The filters of a listing of images; at least one of the first four is required. */
export interface ImageQuery {
  /** Only images that this user posted. */
  readonly username?: string | undefined;
  /** Only images made with this model version. */
  readonly modelVersionId?: number | undefined;
  /** Only images in this post. */
  readonly postId?: number | undefined;
  /** Only this image. */
  readonly imageId?: number | undefined;
  /**
   * Bit mask of the maturity levels to list: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX, 32 blocked.
   *
   * @default {31}
   */
  readonly browsingLevel?: number | undefined;
  /**
   * Order: `Newest`, `Oldest`, `Most Reactions`, `Most Comments`, `Most Collected`.
   *
   * @default {"Newest"}
   */
  readonly sort?: string | undefined;
  /** `AllTime`, `Year`, `Month`, `Week` or `Day`; the server's default if absent. */
  readonly period?: string | undefined;
  /** Only this kind of media. */
  readonly type?: "image" | "video" | "audio" | undefined;
  /**
   * Images per page, 1 to 200.
   *
   * @default {100}
   */
  readonly limit?: number | undefined;
}

/**
 * Build the query of /images. It requests generation data in flat form, and never sets `page`, which would make the
 * listing loop.
 *
 * @param query The filters
 * @returns The parameters, without a cursor
 * @throws {KitError} `usage` if a value is invalid, or if none of the first four filters is set
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { imageSearchParams } from "@civitai-dl/civitai-dl/civitai";
 *
 * const parameters = imageSearchParams({ username: "alice", limit: 20 });
 * assertEquals(
 *   parameters.toString(),
 *   "limit=20&browsingLevel=31&username=alice&sort=Newest&withMeta=true&flatMeta=true",
 * );
 * ```
 */
export function imageSearchParams(query: ImageQuery): URLSearchParams {
  const { username, modelVersionId, postId, imageId, browsingLevel = 31, sort = "Newest", limit = 100 } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
    throw invalidFilter("limit", `${limit} is not an integer between 1 and 200`);
  }
  if (!Number.isInteger(browsingLevel) || browsingLevel < 1 || browsingLevel > 63) {
    throw invalidFilter("browsingLevel", `${browsingLevel} is not an integer between 1 and 63`);
  }
  const parameters = new URLSearchParams({ limit: String(limit), browsingLevel: String(browsingLevel) });
  for (const [name, value] of Object.entries({ username, sort, period: query.period, type: query.type })) {
    if (value === undefined) continue;
    if (value.trim() === "") throw invalidFilter(name, "it is empty");
    parameters.set(name, value);
  }
  for (const [name, value] of Object.entries({ modelVersionId, postId, imageId })) {
    if (value === undefined) continue;
    if (!Number.isSafeInteger(value) || value < 1) throw invalidFilter(name, `${value} is not an id`);
    parameters.set(name, String(value));
  }
  if ([username, modelVersionId, postId, imageId].every((value) => value === undefined)) {
    throw new KitError("usage", "Cannot list images: no user, version, post or image is given");
  }
  parameters.set("withMeta", "true");
  parameters.set("flatMeta", "true");
  return parameters;
}

function invalidFilter(name: string, state: string): KitError {
  return new KitError("usage", `Cannot list images: "${name}" is invalid: ${state}`, {
    hint: "Correct or omit it: the server ignores invalid filters and would list everything",
  });
}
