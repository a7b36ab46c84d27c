import { KitError } from "../../base/mod.ts";
import { git, type Repository, runGit } from "../../git/mod.ts";
import { type Change, type ChangeFile, CHANGES_FOLDER, parseChanges } from "../notes/change_file.ts";

/** A file of a commit, as a step of an operation names it. */
export interface BlobFile {
  readonly path: string;
  readonly blob: string;
}

/** Read a text file of a commit; `null` if the commit has no such file. */
export async function readTreeFile(repository: Repository, commit: string, path: string): Promise<string | null> {
  const { code, stdout } = await runGit(["cat-file", "blob", `${commit}:${path}`], { cwd: repository.root });
  return code === 0 ? stdout : null;
}

/** A commit, and where it is. */
export interface TreePlace {
  readonly commit: string;
  /** Where a person finds it, such as `origin/main`; the user's checkout may be another. */
  readonly name: string;
  /**
   * The command that begins a branch there, where nobody commits.
   *
   * @default {null}
   */
  readonly begin?: string | null | undefined;
}

/**
 * Read the changes of a commit that no release has taken over.
 *
 * @returns The changes, sorted by path
 * @throws {KitError} `usage` with file, line and column of every mistake
 */
export async function readTreeChanges(
  repository: Repository,
  { commit, name, begin = null }: TreePlace,
): Promise<readonly Change[]> {
  const args = ["ls-tree", "-z", commit, "--", `${CHANGES_FOLDER}/`];
  const entries = (await git(args, { cwd: repository.root })).split("\0").filter(Boolean);
  const files = entries.map(async (entry): Promise<ChangeFile> => {
    const [, mode, path] = /^(\d+) [^\t]*\t(.*)$/s.exec(entry)!;
    return { path: path!, text: mode!.startsWith("100") ? await readTreeFile(repository, commit, path!) : null };
  });
  try {
    return parseChanges(await Promise.all(files));
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    const { code, message, hint } = error;
    const place = begin === null ? `Mend it on ${name}, and push` : `Mend it on a branch from there: ${begin}`;
    throw new KitError(code, message, {
      hint: hint === undefined ? place : `${hint}${hint.endsWith("?") ? "" : "."} ${place}`,
      cause: error,
    });
  }
}

/**
 * Store texts as blobs, with their bytes as they are. No branch, index or file changes; blobs that nothing refers to are
 * removed by git some time later.
 */
export async function writeBlobs(
  repository: Repository,
  texts: Readonly<Record<string, string>>,
): Promise<readonly BlobFile[]> {
  const files: BlobFile[] = [];
  for (const [path, input] of Object.entries(texts)) {
    const output = await git(["hash-object", "-w", "--stdin", "--no-filters"], { cwd: repository.root, input });
    files.push({ path, blob: output.trim() });
  }
  return files;
}
