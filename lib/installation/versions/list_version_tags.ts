import { git, type Repository, runGit } from "../../git/mod.ts";
import { compareReleaseVersions, type ReleaseVersion, tryParseReleaseVersion } from "./release_version.ts";
import type { TagForms } from "./tag_forms.ts";

/** A tag of a version. */
export interface VersionTag {
  /** The version that its name says. */
  readonly version: ReleaseVersion;
  /** Full hash of the commit that it leads to. */
  readonly sha: string;
  /** When it was made, or when its commit was if it is a plain tag; ISO 8601 with the time zone of its author. */
  readonly date: string;
  /** Message of an annotated tag; empty for a plain one. */
  readonly message: string;
}

const FORMAT = ["%(refname:strip=2)", "%(objectname)", "%(*objectname)", "%(creatordate:iso-strict)", "%(contents)"];

/**
 * List the tags of versions in a repository. Other tags, and tags of other objects than commits, are left out. Nothing
 * is fetched.
 *
 * @param repository The repository
 * @param forms The forms of tags
 * @returns The tags, the newest version first
 */
export async function listVersionTags(
  repository: Repository,
  forms?: TagForms | undefined,
): Promise<readonly VersionTag[]> {
  const output = await git(["for-each-ref", `--format=${FORMAT.join("%00")}%1e`, "refs/tags/v*"], {
    cwd: repository.root,
  });
  const tags = output.split("\x1e").flatMap((record): VersionTag[] => {
    const [name = "", object = "", target = "", date = "", contents = ""] = record.replace(/^\n/, "").split("\0");
    const version = name.startsWith("v") ? tryParseReleaseVersion(name, forms) : null;
    if (version === null) return [];
    return [{ version, sha: target === "" ? object : target, date, message: target === "" ? "" : contents }];
  });
  return tags.toSorted((a, b) => compareReleaseVersions(b.version, a.version));
}

/**
 * Read the tags of versions in the history of a commit. A fix of an older line, made beside it, is not among them.
 *
 * @param repository The repository
 * @param commit A tag, branch or hash
 * @returns Names of tags, such as `v1.0.3`; `null` if there is no such commit
 */
export async function readLineage(repository: Repository, commit: string): Promise<ReadonlySet<string> | null> {
  const args = ["for-each-ref", "--format=%(refname:strip=2)", `--merged=${commit}`, "refs/tags/v*"];
  const { code, stdout } = await runGit(args, { cwd: repository.root });
  return code === 0 ? new Set(stdout.split("\n").filter(Boolean)) : null;
}

/**
 * Find the newest stable version, which people get who do not name one.
 *
 * @param tags All tags, the newest version first
 * @returns The tag; `null` before the first stable release
 */
export function newestStable(tags: readonly VersionTag[]): VersionTag | null {
  return tags.find(({ version }) => version.stage === "stable") ?? null;
}
