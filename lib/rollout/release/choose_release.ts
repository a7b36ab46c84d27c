// @ts-types="@types/semver"
import semver from "semver";
import { armOf } from "../buckets/arm_of.ts";
import { bucketOf } from "../buckets/bucket_of.ts";
import type { ReleaseList, StagedRelease } from "./release_list.ts";

/** Facts about an installation. */
export interface Installation {
  /** Its version. */
  readonly version: string;
  /** Its random id; see `installId`. */
  readonly id: string;
}

/** Which release an installation is to take. */
export interface ReleaseChoice {
  /** The release to take; `null` to stay. */
  readonly take: StagedRelease | null;
  /** The newest release that other installations take already; `null` if there is none after this version. */
  readonly newest: StagedRelease | null;
  /** Why, in words. */
  readonly reason: string;
}

/**
 * Choose the release that an installation is to take: the newest one whose share includes it. The share of a release
 * grows over days; an installation that is included stays included.
 *
 * @param list The staged releases
 * @param installation Its version and id
 * @returns The release, or why to stay
 * @throws {TypeError} If the version of the installation is not a version
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { chooseRelease } from "@civitai-dl/civitai-dl/rollout";
 *
 * const releases = [{ version: "1.1.0", percentage: 100, salt: "1.1.0" }];
 * assertEquals(chooseRelease({ releases }, { version: "1.0.0", id: "example" }).take?.version, "1.1.0");
 * ```
 */
export function chooseRelease({ releases }: ReleaseList, installation: Installation): ReleaseChoice {
  const { version, id } = installation;
  const newer = releases
    .filter((release) => release.percentage > 0 && semver.gt(release.version, version))
    .toSorted((a, b) => semver.rcompare(a.version, b.version));
  const newest = newer[0] ?? null;
  if (newest === null) return { take: null, newest, reason: `${version} is the newest version` };
  const take = newer.find(({ salt, percentage }) => armOf(bucketOf(id, salt), percentage) === "canary") ?? null;
  if (take !== null) {
    return { take, newest, reason: `${take.version} is for ${take.percentage} % of the installations` };
  }
  const share = `${newest.version} is for ${newest.percentage} % of the installations so far`;
  return { take, newest, reason: `${share}, and this one is not among them yet` };
}
