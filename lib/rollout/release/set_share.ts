// @ts-types="@types/semver"
import semver from "semver";
import type { ReleaseList } from "./release_list.ts";

/**
 * Give a release to a share of all installations. A new release gets its version as its salt, so that each release has
 * other installations that are first.
 *
 * @param list The staged releases
 * @param version The release
 * @param percentage Its share, from 0, which withdraws it, to 100
 * @returns The new list, the newest version first
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { setShare } from "@civitai-dl/civitai-dl/rollout";
 *
 * const list = setShare({ releases: [] }, "1.1.0", 10);
 * assertEquals(setShare(list, "1.1.0", 50).releases, [{ version: "1.1.0", percentage: 50, salt: "1.1.0" }]);
 * ```
 */
export function setShare({ releases }: ReleaseList, version: string, percentage: number): ReleaseList {
  const salt = releases.find((one) => one.version === version)?.salt ?? version;
  const others = releases.filter((one) => one.version !== version);
  const changed = [...others, { version, percentage, salt }];
  return { releases: changed.toSorted((a, b) => semver.rcompare(a.version, b.version)) };
}
