import { KitError, shell } from "../../base/mod.ts";
import { parseRef, type RepositoryFacts } from "../../git/mod.ts";
import { compareReleaseVersions, type ReleaseVersion, tryParseReleaseVersion } from "../../installation/mod.ts";
import type { Strategy, VersionLine } from "./strategy.ts";
import { lineOf } from "./version_lines.ts";

/** A version that is released. */
export interface Release {
  /** The version, of stage `stable`. */
  readonly version: ReleaseVersion;
  /** Full hash of the tagged commit. */
  readonly commit: string;
}

/** Where a new version belongs among those that are released. */
export interface VersionPlace<T extends Release> {
  /** Its line. */
  readonly line: VersionLine;
  /** The release that it follows: the highest one below it; `null` for the first. */
  readonly previous: T | null;
  /**
   * Whether a later line has a release, so that `main` has gone on. Such a version is built on the last release of its
   * line, and is not merged into `main`.
   */
  readonly isOfOlderLine: boolean;
}

/**
 * Find out where a new version belongs. Versions go up within their line; a line may get fixes when later lines have
 * releases.
 *
 * @param strategy The strategy
 * @param version The new version, of stage `stable`
 * @param releases The stable releases, the oldest version first
 * @returns Its place
 * @throws {KitError} `usage` if it is of no line, if its line has a higher release or that one, or if only later lines
 * have releases
 */
export function placeVersion<T extends Release>(
  strategy: Strategy,
  version: ReleaseVersion,
  releases: readonly T[],
): VersionPlace<T> {
  const line = lineOf(strategy, version);
  const ofLine = releases.findLast((one) => isOfLine(line, one.version)) ?? null;
  if (ofLine !== null && compareReleaseVersions(version, ofLine.version) <= 0) {
    const [major, minor, patch] = ofLine.version.base.split(".");
    const next = `${major}.${minor}.${Number(patch) + 1}`;
    const relation = ofLine.version.text === version.text ? "" : ", which is higher";
    throw new KitError("usage", `Cannot release ${version.text}: ${ofLine.version.text} is released${relation}`, {
      hint: shell`Versions only go up. The next fix: civitai-dl release prepare ${next}`,
    });
  }
  const last = releases.at(-1) ?? null;
  const isOfOlderLine = last !== null && compareReleaseVersions(version, last.version) < 0;
  if (isOfOlderLine && ofLine === null) {
    const lines = strategy.lines.filter((one) => releases.some((release) => isOfLine(one, release.version)));
    throw new KitError(
      "usage",
      `Cannot release ${version.text}: ${last.version.text} is released, and ${line.name}.x has no release to build on`,
      { hint: `Lines with releases, which can get fixes: ${lines.map((one) => `${one.name}.x`).join(", ")}` },
    );
  }
  const previous = releases.findLast((one) => compareReleaseVersions(one.version, version) < 0) ?? null;
  return { line, previous, isOfOlderLine };
}

function isOfLine({ name }: VersionLine, { base }: ReleaseVersion): boolean {
  return base.startsWith(`${name}.`);
}

/**
 * List the stable releases of a repository. A tag that only exists here was made by hand, and is none.
 *
 * @param strategy The strategy
 * @param facts The repository
 * @returns The releases, the oldest version first
 */
export function listReleases(strategy: Strategy, { remote }: RepositoryFacts): readonly Release[] {
  const releases = [...remote].flatMap(([ref, { commit }]): readonly Release[] => {
    const { kind, name } = parseRef(ref);
    const version = kind === "tag" && name.startsWith("v") ? tryParseReleaseVersion(name, strategy.tagForms) : null;
    return version?.stage === "stable" ? [{ version, commit }] : [];
  });
  return releases.toSorted((a, b) => compareReleaseVersions(a.version, b.version));
}
