import { closest, KitError, shell } from "../../base/mod.ts";
import type { ProductionTest } from "../production/production_test.ts";
import { compareReleaseVersions, type ReleaseVersion, tryParseReleaseVersion } from "../versions/release_version.ts";

/** A version that a rollback can go back to. */
export interface RollbackCandidate {
  /** Its tag, such as `v1.0.3`. */
  readonly tag: string;
  /** Its version. */
  readonly version: ReleaseVersion;
  /** Full hash of its commit. */
  readonly sha: string;
  /** When it was tagged, ISO 8601. */
  readonly date: string;
  /** Its latest production test; `null` if there is no report of one. */
  readonly production: ProductionTest | null;
  /** Whether it is installed, without a patch. */
  readonly isInstalled: boolean;
}

/** What to say of a repository without a single version: it may have had no release, or lack the tags of its remote. */
export const NO_VERSION_TAGS =
  "No version has a tag here; fetch the tags of the remote, if it has any: git fetch --tags";

/** Options of {@linkcode chooseTarget}. */
export interface ChooseTargetOptions {
  /** The tag or version that the user asked for; `undefined` for the default. */
  readonly word?: string | undefined;
  /** The version in use, such as `1.1.0`; older ones are candidates for the default. */
  readonly current: string;
  /**
   * Tags in the history of what is in use, as from `readLineage()`. They come before fixes of older lines that were made
   * beside it, such as v1.0.4 after v2.0.0.
   *
   * @default {unknown, so that only the version decides}
   */
  readonly lineage?: ReadonlySet<string> | null | undefined;
}

/**
 * Choose the version to go back to. By default it is the last stable version before the current one that has passed its
 * production test. A version that the user names need not have passed.
 *
 * @param candidates All candidates, the newest version first
 * @param options The user's word and the current version
 * @returns The candidate
 * @throws {KitError} `usage` if there is no such tag; `inconclusive` if no version is known to be good
 */
export function chooseTarget(
  candidates: readonly RollbackCandidate[],
  options: ChooseTargetOptions,
): RollbackCandidate {
  const { word, current } = options;
  if (word !== undefined) return findNamed(candidates, word);
  const older = stableBefore(candidates, options);
  const target = findGood(older);
  if (target !== null) return target;
  const list = older.slice(0, 5).map(({ tag, production }) => `${tag} (${describeProduction(production)})`);
  throw new KitError(
    "inconclusive",
    `Cannot choose a version to go back to: ${
      list.length === 0
        ? `there is no stable tag before ${current}`
        : `none of ${older.length} stable versions before ${current} has passed its production test`
    }`,
    {
      hint: list.length === 0
        ? whereToLook(candidates)
        : shell`Name one yourself: civitai-dl rollback ${older[0]!.tag}` + `. There are ${list.join(", ")}`,
    },
  );
}

/** Which version a rollback goes to that names none. */
export interface DefaultTarget {
  /** Its tag; `null` if none has passed its production test. */
  readonly target: string | null;
  /** The best tag to name if there is no target: the last stable one before; `null` if there is none. */
  readonly nearest: string | null;
}

/**
 * Find the version to which a rollback goes that names none.
 *
 * @param candidates As in {@linkcode chooseTarget}
 * @param options The current version
 * @returns Tags
 */
export function findDefaultTarget(
  candidates: readonly RollbackCandidate[],
  options: Omit<ChooseTargetOptions, "word">,
): DefaultTarget {
  const older = stableBefore(candidates, options);
  return { target: findGood(older)?.tag ?? null, nearest: older[0]?.tag ?? null };
}

function findGood(older: readonly RollbackCandidate[]): RollbackCandidate | null {
  return older.find(({ production }) => production?.isPassed === true) ?? null;
}

function whereToLook(candidates: readonly RollbackCandidate[]): string {
  return candidates.length === 0 ? NO_VERSION_TAGS : "Fetch the tags (git fetch --tags), or see git tag";
}

/**
 * List the stable versions before the current one: first those that it grew from, then fixes of older lines that were
 * made beside it; in each part the newest first.
 *
 * @param candidates All candidates, the newest version first
 * @param options The current version, and the tags in its history
 * @returns The candidates for the default target, the best first
 */
export function stableBefore(
  candidates: readonly RollbackCandidate[],
  { current, lineage }: Pick<ChooseTargetOptions, "current" | "lineage">,
): readonly RollbackCandidate[] {
  const now = tryParseReleaseVersion(current);
  const before = candidates.filter(({ version }) =>
    version.stage === "stable" && (now === null || compareReleaseVersions(version, now) < 0)
  );
  const isBeside = ({ tag }: RollbackCandidate) => !(lineage?.has(tag) ?? true);
  return [...before.filter((one) => !isBeside(one)), ...before.filter(isBeside)];
}

/** Say in a few words what is known of a production test. */
export function describeProduction(test: ProductionTest | null): string {
  if (test === null) return "not tested";
  const day = test.endedAt.slice(0, 10);
  return test.isPassed ? `passed ${day}${test.isLive ? ", with the real site" : ""}` : `FAILED ${day}`;
}

function findNamed(candidates: readonly RollbackCandidate[], word: string): RollbackCandidate {
  const found = candidates.find(({ tag, version }) => tag === word || version.text === word);
  if (found !== undefined) return found;
  const near = closest(word, candidates.map(({ tag }) => tag));
  throw new KitError("usage", `Cannot go back to "${word}": there is no such tag of a version`, {
    hint: near === undefined ? "See civitai-dl rollback --list" : `Did you mean ${near}?`,
  });
}
