import { type Checkout, listBranchNames, parseRef, type Ref, type RepositoryFacts } from "../../git/mod.ts";
import { matchBranch } from "../strategy/branch_name.ts";
import { positionOfBranch } from "../strategy/settle_branch.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { compareReleaseVersions, type ReleaseVersion, tryParseReleaseVersion } from "../../installation/mod.ts";

/**
 * How the branch here compares with the one on the remote: `same`; `behind` or `ahead` of it; `diverged`, if both have
 * commits that the other lacks; `unpushed`, if the remote has none; `remote`, if there is none here.
 */
export type BranchRelation = "same" | "behind" | "ahead" | "diverged" | "unpushed" | "remote";

/** A branch that releases are made from or merged into. */
export interface SurveyedBranch {
  /** Short name, such as `main`. */
  readonly name: string;
  /** Full hash here; `null` if there is none. */
  readonly local: string | null;
  /** Full hash on the remote; `null` if there is none. */
  readonly remote: string | null;
  /** How the two compare. */
  readonly relation: BranchRelation;
  /** Whether it is checked out in a working tree, so that it must not be moved. */
  readonly isCheckedOut: boolean;
}

/** A tag of a version. */
export interface SurveyedTag {
  /** The version that its name says. */
  readonly version: ReleaseVersion;
  /** Full hash of the tagged commit; that of the remote if it was asked and has the tag. */
  readonly commit: string;
  /** Whether it exists here. */
  readonly isLocal: boolean;
  /** Whether it exists on the remote; `null` if the remote was not asked. */
  readonly isRemote: boolean | null;
  /** Whether it exists in both places, and is not the same tag. */
  readonly isDifferent: boolean;
}

/** The branches and tags that a release depends on, and the strategy that says which ones these are. */
export interface ReleaseSurvey {
  /** The strategy. */
  readonly strategy: Strategy;
  /** Name of the remote. */
  readonly remote: string;
  /** State of the user's working tree. */
  readonly checkout: Checkout;
  /** The long-lived branches and those of releases that exist here or on the remote, by name. */
  readonly branches: readonly SurveyedBranch[];
  /** Tags of versions, the oldest version first. */
  readonly tags: readonly SurveyedTag[];
}

/**
 * Pick the branches and tags that a release depends on.
 *
 * @param strategy The strategy
 * @param facts The repository, as from `readRepositoryFacts()`
 * @returns The survey
 */
export async function surveyReleases(strategy: Strategy, facts: RepositoryFacts): Promise<ReleaseSurvey> {
  const bases = [strategy.main, strategy.develop];
  const branches: SurveyedBranch[] = [];
  for (const name of listBranchNames(facts.local, facts.remote)) {
    const isRelevant = bases.includes(name) || matchBranch(strategy, name)?.rule.kind === "release";
    if (isRelevant) branches.push(await surveyBranch(facts, name));
  }
  return { strategy, remote: facts.remoteName, checkout: facts.checkout, branches, tags: listTags(strategy, facts) };
}

async function surveyBranch(facts: RepositoryFacts, name: string): Promise<SurveyedBranch> {
  const { local, remote } = positionOfBranch(facts, name);
  const relation = await compare(facts, local, remote);
  return { name, local, remote, relation, isCheckedOut: facts.checkedOut.has(name) };
}

async function compare(facts: RepositoryFacts, local: string | null, remote: string | null): Promise<BranchRelation> {
  if (local === null) return "remote";
  if (remote === null) return "unpushed";
  if (local === remote) return "same";
  if (await facts.contains(remote, local)) return "behind";
  return await facts.contains(local, remote) ? "ahead" : "diverged";
}

function listTags(strategy: Strategy, { local, remote, isOffline }: RepositoryFacts): readonly SurveyedTag[] {
  const refs = [...new Set([...local.keys(), ...remote.keys()])];
  const tags = refs.flatMap((ref): readonly SurveyedTag[] => {
    const { kind, name } = parseRef(ref);
    const version = kind === "tag" && name.startsWith("v") ? tryParseReleaseVersion(name, strategy.tagForms) : null;
    const here = local.get(ref);
    const there = isOffline ? undefined : remote.get(ref);
    if (version === null) return [];
    return [{
      version,
      commit: (there ?? here)!.commit,
      isLocal: here !== undefined,
      isRemote: isOffline ? null : there !== undefined,
      isDifferent: areDifferent(here, there),
    }];
  });
  return tags.toSorted((a, b) => compareReleaseVersions(a.version, b.version));
}

function areDifferent(here: Ref | undefined, there: Ref | undefined): boolean {
  return here !== undefined && there !== undefined && here.sha !== there.sha;
}
