import { git, type Repository, runGit } from "../../git/mod.ts";

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
