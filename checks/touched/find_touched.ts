import { readTextIfExists } from "../../lib/base/mod.ts";
import { CONFIG_PATH, readConfigVersion } from "../../lib/installation/mod.ts";
import { askGit } from "../ask_git.ts";
import { findBase } from "../find_base.ts";

/** What differs in the project in the working directory. */
export interface Touched {
  /** What it is compared with: the hash of a commit, or the tag of a release. */
  readonly base: string;
  /** Paths that differ or are new, from the root of the project. */
  readonly paths: readonly string[];
}

/**
 * List what differs from where the branch left the target. A branch that changes the version is a release, and was
 * judged piece by piece: it is compared with the last release.
 *
 * @param target The branch that it is merged into
 * @throws {Error} If there is no git, or no commit shared with the target
 */
export async function findTouched(target: string, signal: AbortSignal): Promise<Touched> {
  const left = await findBase(target, signal);
  const released = await isRelease(left, signal) ? await findLastRelease(signal) : null;
  const base = released ?? left;
  const ask = async (...args: readonly string[]) => (await askGit(args, signal))?.split("\0").filter(Boolean) ?? [];
  const changed = await ask(
    "diff",
    "--name-only",
    "--no-renames",
    "--no-ext-diff",
    "--relative",
    "-z",
    base,
    "--",
    ".",
  );
  const added = await ask("ls-files", "--others", "--exclude-standard", "-z", "--", ".");
  return { base: released ?? left.slice(0, 9), paths: [...new Set([...changed, ...added])].toSorted() };
}

async function isRelease(base: string, signal: AbortSignal): Promise<boolean> {
  const before = versionIn(await askGit(["cat-file", "blob", `${base}:./${CONFIG_PATH}`], signal));
  return before !== null && before !== versionIn(await readTextIfExists(CONFIG_PATH));
}

function versionIn(text: string | null): string | null {
  try {
    return text === null ? null : readConfigVersion(text);
  } catch {
    // It has no version, so it is no release.
    return null;
  }
}

/** The newest stable tag that HEAD contains; `null` if there is none. */
async function findLastRelease(signal: AbortSignal): Promise<string | null> {
  const tags = await askGit(["tag", "--merged", "HEAD", "--sort=-version:refname", "--list", "v*"], signal);
  return tags?.split("\n").find((tag) => /^v\d+\.\d+\.\d+$/.test(tag)) ?? null;
}
