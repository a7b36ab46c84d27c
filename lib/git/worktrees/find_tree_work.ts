import { exists, walk } from "@std/fs";
import { join, relative, sep } from "node:path";
import { KitError } from "../../base/mod.ts";
import { EXACT_CHECKOUT } from "../checkout/exact_checkout.ts";
import { git } from "../git.ts";
import { openRepository, type Repository } from "../open_repository.ts";
import { runGit } from "../run_git.ts";

/** What {@linkcode keepWorktree} put into a working tree. */
export interface TreeContent {
  /** Full hash of the commit that was checked out. */
  readonly sha: string;
  /** Full hash of the object with the files that it was given: the commit, or the tree of a patched one. */
  readonly tree: string;
}

/** What would be lost with a working tree. */
export type TreeWork =
  /** Paths of files that are neither of the commit nor of the tree. Ignored ones count: they may be downloads. */
  | { readonly type: "files"; readonly files: readonly string[] }
  /** Another commit is checked out, which may be on no branch. */
  | { readonly type: "commit"; readonly sha: string }
  /** The folder is no working tree of the repository any more, and not empty. */
  | { readonly type: "other" };

/**
 * Find what would be lost if a working tree were removed: whatever is not in the repository. The tree may be incomplete,
 * because git was killed while creating it.
 *
 * @param repository The repository that the tree belongs to
 * @param path Absolute path of the tree
 * @param content What it was given
 * @returns What would be lost; `null` if nothing would, also if the folder is gone
 */
export async function findTreeWork(
  repository: Repository,
  path: string,
  content: TreeContent,
): Promise<TreeWork | null> {
  const present = await listFiles(path);
  if (!await isTreeOf(repository, path)) return present.length === 0 ? null : { type: "other" };
  const head = await runGit(["rev-parse", "--verify", "--quiet", "HEAD"], { cwd: path });
  const sha = head.stdout.trim();
  if (head.code === 0 && sha !== content.sha) return { type: "commit", sha };
  const foreign = await Promise.all((await objectsOf(path, content)).map((one) => listForeign(path, one, present)));
  // A file that is as in one of them can be had again.
  const files = foreign.reduce((all, more) => all.filter((file) => more.includes(file)));
  return files.length === 0 ? null : { type: "files", files };
}

/** The objects whose files are known. That of a patched tree may have been cleaned up; the index then makes it again. */
async function objectsOf(path: string, { sha, tree }: TreeContent): Promise<readonly string[]> {
  if (tree === sha) return [sha];
  await runGit(["write-tree"], { cwd: path });
  const { code } = await runGit(["cat-file", "-e", tree], { cwd: path });
  return code === 0 ? [sha, tree] : [sha];
}

/** List the files that an object does not have, or has with other content. */
async function listForeign(path: string, object: string, present: readonly string[]): Promise<readonly string[]> {
  const names = new Set(split(await git(["ls-tree", "-r", "-z", "--name-only", object], { cwd: path })));
  const diff = [...EXACT_CHECKOUT, "diff", "--no-ext-diff", "--no-renames", "--name-only", "--diff-filter=d", "-z"];
  // What a person has staged and then removed is only in the index.
  const staged = split(await git([...diff, "--cached", object], { cwd: path }));
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-index-" });
  try {
    // The tree's own index may be missing, or may lack files that are there.
    const indexFile = join(folder, "index");
    await git(["read-tree", object], { cwd: path, indexFile });
    const changed = split(await git(diff, { cwd: path, indexFile }));
    return [...new Set([...present.filter((file) => !names.has(file)), ...changed, ...staged])].toSorted();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function split(output: string): readonly string[] {
  return output.split("\0").filter((name) => name !== "");
}

/** List all files of a folder but `.git`, also those that git would not show, with `/` between the names. */
async function listFiles(path: string): Promise<readonly string[]> {
  if (!await exists(path, { isDirectory: true })) return [];
  const files: string[] = [];
  for await (const entry of walk(path, { includeDirs: false })) {
    files.push(relative(path, entry.path).replaceAll(sep, "/"));
  }
  return files.filter((file) => file !== ".git");
}

async function isTreeOf({ commonFolder }: Repository, path: string): Promise<boolean> {
  try {
    const own = await openRepository(path);
    return own.root === await Deno.realPath(path) && own.commonFolder === commonFolder;
  } catch (error) {
    if (error instanceof KitError && error.code === "usage") return false;
    throw error;
  }
}
