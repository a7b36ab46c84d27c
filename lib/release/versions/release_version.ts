// @ts-types="@types/semver"
import semver from "semver";
import { KitError } from "../../base/mod.ts";

/**
 * What a version is released as: `alpha` and `beta` are previews, `candidate` is `-rc.N`, `stable` is the release, and
 * `phase` marks the end of a phase (`-phaseN`) and is never released.
 */
export type ReleaseStage = "alpha" | "beta" | "candidate" | "stable" | "phase";

/** A version of this project, as parsed from a tag or a version number. */
export interface ReleaseVersion {
  /** The number without `v`, such as `1.1.0-rc.1`. */
  readonly text: string;
  /** The tag, such as `v1.1.0-rc.1`. */
  readonly tag: string;
  /** What it is released as. */
  readonly stage: ReleaseStage;
  /** The release that it leads to, such as `1.1.0`; its own number if the stage is `stable`. */
  readonly base: string;
  /** Number of the candidate or phase; 0 for other stages. */
  readonly number: number;
}

/** Order of the stages of one release. A phase is finished before anything of its release is tagged. */
const STAGE_ORDER: Readonly<Record<ReleaseStage, number>> = { phase: 0, alpha: 1, beta: 2, candidate: 3, stable: 4 };
const FORMS = "1.1.0, 1.1.0-alpha, 1.1.0-beta, 1.1.0-rc.1 or 1.1.0-phase1";

/**
 * Parse a version or a tag, with or without `v`.
 *
 * @param text Such as `1.1.0` or `v1.1.0-rc.1`
 * @returns The version
 * @throws {KitError} `usage` if it is not semantic versioning, or is a pre-release that this project does not make
 */
export function parseReleaseVersion(text: string): ReleaseVersion {
  const version = tryParseReleaseVersion(text);
  if (version !== null) return version;
  throw new KitError("usage", `Cannot use version "${text}": it is not a version of this project`, {
    hint: `Write ${FORMS}`,
  });
}

/**
 * Parse a version or a tag that may be anything, such as each tag of a repository.
 *
 * @param text With or without `v`
 * @returns The version, or `null` if it is not a version of this project
 */
export function tryParseReleaseVersion(text: string): ReleaseVersion | null {
  const parsed = semver.parse(text.replace(/^v/, ""));
  if (parsed === null || parsed.build.length > 0 || parsed.version !== text.replace(/^v/, "")) return null;
  const stage = stageOf(parsed.prerelease.map(String).join("."));
  if (stage === null) return null;
  const base = `${parsed.major}.${parsed.minor}.${parsed.patch}`;
  return { text: parsed.version, tag: `v${parsed.version}`, stage: stage.stage, base, number: stage.number };
}

function stageOf(prerelease: string): { readonly stage: ReleaseStage; readonly number: number } | null {
  if (prerelease === "") return { stage: "stable", number: 0 };
  if (prerelease === "alpha" || prerelease === "beta") return { stage: prerelease, number: 0 };
  const candidate = /^rc\.([1-9]\d*)$/.exec(prerelease);
  if (candidate !== null) return { stage: "candidate", number: Number(candidate[1]) };
  const phase = /^phase([1-9]\d*)$/.exec(prerelease);
  return phase === null ? null : { stage: "phase", number: Number(phase[1]) };
}

/**
 * Compare two versions for sorting: by release, then phase, alpha, beta, rc.1, rc.2, final. This is the precedence of
 * Semantic Versioning 2.0.0, section 11, except that a phase comes before the alpha of its release.
 *
 * @param a A version
 * @param b Another version
 * @returns Negative if `a` comes first, positive if `b` does, 0 if they are equal
 */
export function compareReleaseVersions(a: ReleaseVersion, b: ReleaseVersion): number {
  return semver.compare(a.base, b.base) || STAGE_ORDER[a.stage] - STAGE_ORDER[b.stage] || a.number - b.number;
}
