import { join } from "node:path";
import { KitError, removeIfExists } from "../../lib/base/mod.ts";
import { runGit } from "../../lib/git/mod.ts";
import { type DenoRun, lastLines, runDeno } from "../run_deno.ts";
import { findSecrets } from "./find_secrets.ts";

/** Options of {@linkcode checkStaged}. */
export interface CheckStagedOptions {
  /** Top folder of the working tree. */
  readonly root: string;
  /**
   * The index that is to be committed; a hook passes on `GIT_INDEX_FILE`.
   *
   * @default {the index of the working tree}
   */
  readonly indexFile?: string | undefined;
  /** Stops the checks. */
  readonly signal: AbortSignal;
}

/** Why what is staged should not be committed. */
export interface StagedProblem {
  /** The check that found it. */
  readonly check: "format" | "lint" | "types" | "secrets";
  /** What it found. */
  readonly message: string;
}

/** Result of {@linkcode checkStaged}. */
export interface StagedReport {
  /** The files that are added or changed. */
  readonly files: readonly string[];
  /** What was found; empty if all is well. */
  readonly problems: readonly StagedProblem[];
}

/**
 * Where the staged files are written for the checks, and the index that says which ones are there. The folder is ignored
 * by git and by Deno. It stays, so that only changed files are written, and Deno reuses the results of the last check.
 */
const FOLDER = "dist/staged";
const FOLDER_INDEX = "dist/staged.index";
const FORMATTED = /\.(?:m?[jt]sx?|jsonc?|md|ya?ml|css|html)$/;
const CODE = /\.m?[jt]sx?$/;

/**
 * Check the files that are staged: format, lint, types, and secrets in the added lines. Their staged content is
 * checked, not that of the working tree, which may have more changes.
 */
export async function checkStaged({ root, indexFile, signal }: CheckStagedOptions): Promise<StagedReport> {
  const git = (args: readonly string[]) => runGitOrThrow(args, { root, indexFile, signal });
  const names = await git(["diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z"]);
  const files = names.split("\0").filter((name) => name !== "");
  if (files.length === 0) return { files, problems: [] };
  const diff = await git([
    "diff",
    "--cached",
    "-U0",
    "--no-color",
    "--no-ext-diff",
    "--src-prefix=a/",
    "--dst-prefix=b/",
  ]);
  const secrets = findSecrets(diff, files).map(({ file, line, kind }) => ({
    check: "secrets" as const,
    message: `${file}:${line}: it adds ${kind}`,
  }));
  const folder = join(root, FOLDER);
  // Files that are not changed are needed too: the changed ones import them.
  await writeTree((await git(["write-tree"])).trim(), { root, folder, signal });
  const found = await Promise.all([
    runCheck("format", ["fmt", "--check", "--permit-no-files"], files.filter((file) => FORMATTED.test(file))),
    runCheck("lint", ["lint", "--permit-no-files", "-q"], files.filter((file) => CODE.test(file))),
    runCheck("types", ["check", "-q"], files.filter((file) => CODE.test(file))),
  ]);
  return { files, problems: [...secrets, ...found.flat()] };

  async function runCheck(
    check: StagedProblem["check"],
    args: readonly string[],
    some: readonly string[],
  ): Promise<readonly StagedProblem[]> {
    if (some.length === 0) return [];
    const run = await runDeno([...args, ...some], { signal, folder, loadsModules: check === "types" });
    if (run.code === 0) return [];
    // Absolute paths would lead to the copies.
    const text = (check === "format" ? unformattedFiles(run) : null) ?? lastLines(run, 40);
    return [{ check, message: text.replaceAll(`file://${folder}/`, "").replaceAll(`${folder}/`, "") }];
  }
}

/** List the files before which the formatter has put its differences; `null` if it names none, but a syntax error. */
function unformattedFiles({ err }: DenoRun): string | null {
  const lines = [...err.matchAll(/^from (.+):$/gm)].map(([, path]) => `${path}: not formatted`);
  return lines.length === 0 ? null : lines.join("\n");
}

interface TreePlace {
  readonly root: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Make the folder have the files of a tree: write those that differ, and remove those that it does not have. */
async function writeTree(tree: string, { root, folder, signal }: TreePlace): Promise<void> {
  const indexFile = join(root, FOLDER_INDEX);
  const isThere = await Deno.stat(folder).then(() => true, () => false);
  // Without the folder, its index would be wrong.
  if (!isThere) await removeIfExists(indexFile);
  await Deno.mkdir(folder, { recursive: true });
  const place = { root, indexFile, signal };
  await runGitOrThrow([`--work-tree=${folder}`, "read-tree", "--reset", "-u", tree], place);
}

interface GitPlace {
  readonly root: string;
  readonly indexFile: string | undefined;
  readonly signal: AbortSignal;
}

async function runGitOrThrow(args: readonly string[], { root, indexFile, signal }: GitPlace): Promise<string> {
  const { code, stdout, stderr } = await runGit(args, { cwd: root, signal, indexFile });
  if (code === 0) return stdout;
  throw new KitError(
    "failed",
    `Cannot read what is staged: git ${args.find((word) => !word.startsWith("-"))} says "${
      stderr.trim().split("\n").at(-1)
    }"`,
  );
}
