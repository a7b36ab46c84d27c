import {
  containsCommit,
  fetchRemote,
  git,
  readRefs,
  readRemoteRefs,
  type Refs,
  type Repository,
} from "../../git/mod.ts";
import { compareReleaseVersions, type ReleaseVersion, tryParseReleaseVersion } from "../versions/release_version.ts";

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
  /** Full hash of the tagged commit. */
  readonly commit: string;
  /** Whether it exists here. */
  readonly isLocal: boolean;
  /** Whether it exists on the remote; `null` if the remote was not asked. */
  readonly isRemote: boolean | null;
}

/** The branches and tags that a release depends on. */
export interface ReleaseSurvey {
  /** Name of the remote. */
  readonly remote: string;
  /** `main`, `develop` and all `release/…` that exist here or on the remote. */
  readonly branches: readonly SurveyedBranch[];
  /** Tags of versions, the oldest version first. */
  readonly tags: readonly SurveyedTag[];
}

/** Options of {@linkcode surveyReleases}. */
export interface SurveyReleasesOptions {
  /** Name of the remote, such as `origin`. */
  readonly remote: string;
  /** Whether to use the remote-tracking branches as they are, without a network. */
  readonly isOffline: boolean;
  /** Stops git. */
  readonly signal?: AbortSignal | undefined;
}

const RELEVANT = /^(main|develop|release\/.+)$/;

/**
 * Read the branches and tags that a release depends on. Unless it is offline, the remote is fetched first.
 *
 * @param repository The repository
 * @param options Remote, and whether to ask it
 * @returns The survey
 * @throws {KitError} `usage`, `auth` or `network` if the remote does not answer
 */
export async function surveyReleases(
  repository: Repository,
  options: SurveyReleasesOptions,
): Promise<ReleaseSurvey> {
  const { remote, isOffline, signal } = options;
  if (!isOffline) await fetchRemote(repository, remote, { signal });
  const refs = await readRefs(repository);
  const there = isOffline ? null : await readRemoteRefs(repository, remote, { signal });
  const checkedOut = await readCheckedOut(repository);
  const names = new Set<string>();
  for (const ref of refs.keys()) {
    const name = ref.replace(`refs/remotes/${remote}/`, "").replace("refs/heads/", "");
    if (RELEVANT.test(name)) names.add(name);
  }
  const branches: SurveyedBranch[] = [];
  for (const name of [...names].toSorted()) {
    const local = refs.get(`refs/heads/${name}`)?.commit ?? null;
    const tracked = refs.get(`refs/remotes/${remote}/${name}`)?.commit ?? null;
    // A branch that was deleted on the remote keeps its remote-tracking branch here.
    const isGone = there !== null && !there.has(`refs/heads/${name}`);
    const distant = isGone ? null : tracked;
    if (local === null && distant === null) continue;
    const relation = await compare(repository, local, distant);
    branches.push({ name, local, remote: distant, relation, isCheckedOut: checkedOut.has(name) });
  }
  return { remote, branches, tags: listTags(refs, there) };
}

async function compare(
  repository: Repository,
  local: string | null,
  remote: string | null,
): Promise<BranchRelation> {
  if (local === null) return "remote";
  if (remote === null) return "unpushed";
  if (local === remote) return "same";
  if (await containsCommit(repository, remote, local)) return "behind";
  return await containsCommit(repository, local, remote) ? "ahead" : "diverged";
}

async function readCheckedOut(repository: Repository): Promise<ReadonlySet<string>> {
  const format = "%(refname:lstrip=2)%00%(worktreepath)";
  const output = await git(["for-each-ref", `--format=${format}`, "refs/heads"], { cwd: repository.root });
  return new Set(output.split("\n").map((line) => line.split("\0")).filter(([, path]) => path).map(([name]) => name!));
}

function listTags(here: Refs, there: Refs | null): readonly SurveyedTag[] {
  const tags = new Map<string, SurveyedTag>();
  for (const [refs, isHere] of [[there, false], [here, true]] as const) {
    for (const [ref, { commit }] of refs ?? []) {
      const name = ref.replace(/^refs\/tags\//, "");
      const version = ref.startsWith("refs/tags/v") ? tryParseReleaseVersion(name) : null;
      if (version === null) continue;
      const isRemote = there === null ? null : there.has(ref);
      tags.set(name, { version, commit, isLocal: isHere, isRemote });
    }
  }
  return [...tags.values()].toSorted((a, b) => compareReleaseVersions(a.version, b.version));
}
