// @ts-types="@types/semver"
import semver from "semver";
import * as z from "zod";
import { KitError } from "../../base/mod.ts";
import { hasTwoDecimals } from "../buckets/percentage.ts";

/** A release that is given to a share of all installations. */
export interface StagedRelease {
  /** Its version, such as `1.1.0`. */
  readonly version: string;
  /** Share of the installations that take it, from 0 to 100; 0 withdraws it. */
  readonly percentage: number;
  /** Text that decides which installations are first. */
  readonly salt: string;
}

/** The content of `rollout.json`, a static file beside the releases. */
export interface ReleaseList {
  /** The releases, in any order. */
  readonly releases: readonly StagedRelease[];
}

const release = z.strictObject({
  version: z.string().max(100).refine(isVersion, { error: "must be a version such as 1.1.0" }),
  percentage: z.number().min(0).max(100).refine(hasTwoDecimals, { error: "must have at most two decimals" }),
  salt: z.string().min(1).max(200),
});
const listSchema = z.strictObject({
  $schema: z.string().optional(),
  schema: z.literal("civitai-dl/releases"),
  version: z.literal(1),
  releases: z.array(release).max(1000),
});

/** Options of {@linkcode parseReleaseList}. */
export interface ParseReleaseListOptions {
  /** Path of the file, for whoever can mend it; if absent, the list was fetched. */
  readonly file?: string | undefined;
}

/**
 * Parse the list of staged releases.
 *
 * @param text The JSON of `rollout.json`
 * @param options Where it is from
 * @returns The releases
 * @throws {KitError} `failed` if it is not such a list; the message names the field
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseReleaseList } from "@civitai-dl/civitai-dl/rollout";
 *
 * const release = { version: "1.1.0", percentage: 10, salt: "1.1.0" };
 * const text = JSON.stringify({ schema: "civitai-dl/releases", version: 1, releases: [release] });
 * assertEquals(parseReleaseList(text).releases, [release]);
 * ```
 */
export function parseReleaseList(text: string, { file }: ParseReleaseListOptions = {}): ReleaseList {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unusable("it is not JSON", { file, cause: error });
  }
  const result = listSchema.safeParse(value);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw unusable(`"${path.join(".")}": ${message}`, { file });
  }
  const versions = result.data.releases.map(({ version }) => version);
  const double = versions.find((version, index) => versions.indexOf(version) !== index);
  if (double !== undefined) throw unusable(`the version ${double} is listed twice`, { file });
  return { releases: result.data.releases };
}

/**
 * Serialize a list of staged releases as `rollout.json`.
 *
 * @param list The releases
 * @returns JSON that {@linkcode parseReleaseList} accepts
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatReleaseList, parseReleaseList } from "@civitai-dl/civitai-dl/rollout";
 *
 * const list = { releases: [{ version: "1.1.0", percentage: 10, salt: "1.1.0" }] };
 * assertEquals(parseReleaseList(formatReleaseList(list)), list);
 * ```
 */
export function formatReleaseList({ releases }: ReleaseList): string {
  return `${JSON.stringify({ schema: "civitai-dl/releases", version: 1, releases }, null, 2)}\n`;
}

/**
 * Generate the JSON Schema of `rollout.json`.
 *
 * @returns A JSON Schema of draft 2020-12
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { releaseListJsonSchema } from "@civitai-dl/civitai-dl/rollout";
 *
 * assertEquals(releaseListJsonSchema().title, "Staged releases");
 * ```
 */
export function releaseListJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(listSchema), title: "Staged releases" };
}

/** Whether a text is a version as it is compared and shown: without `v` and spaces. */
function isVersion(text: string): boolean {
  return semver.valid(text) === text;
}

function unusable(state: string, { file, cause }: ParseReleaseListOptions & { readonly cause?: unknown }): KitError {
  const isFetched = file === undefined;
  return new KitError("failed", `Cannot use ${isFetched ? "the list of releases" : `"${file}"`}: ${state}`, {
    hint: isFetched
      ? "Check the address, or tell the maintainers"
      : "Mend it, or download it again from the newest release",
    ...cause === undefined ? {} : { cause },
  });
}
