/**
 * Branches, versions and releases of the project: what the branch strategy allows, and which steps lead there.
 *
 * @module
 */
export {
  compareReleaseVersions,
  parseReleaseVersion,
  type ReleaseStage,
  type ReleaseVersion,
  tryParseReleaseVersion,
} from "./versions/release_version.ts";
