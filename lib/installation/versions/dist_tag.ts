import { compareReleaseVersions, parseReleaseVersion } from "./release_version.ts";

/**
 * Choose the dist-tag of npm under which a version is published. npm gives everybody `latest`, and moves it with every
 * version that is published without another tag.
 *
 * @param text The version, such as `1.0.4`
 * @param newest The newest stable version, such as `2.0.0`; `null` if there is none
 * @returns `latest` for the newest stable version, `next` for a preview, and a name such as `line-1.0` for a fix of an
 * older line
 */
export function distTagOf(text: string, newest: string | null): string {
  const version = parseReleaseVersion(text);
  if (version.stage !== "stable") return "next";
  const isNewest = newest === null || compareReleaseVersions(version, parseReleaseVersion(newest)) >= 0;
  return isNewest ? "latest" : `line-${version.base.split(".").slice(0, 2).join(".")}`;
}
