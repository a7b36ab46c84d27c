import { join } from "node:path";
import { quoteWord, VERSION } from "../../lib/base/mod.ts";
import {
  type ChangeFile,
  CHANGES_FOLDER,
  explainUnreleased,
  findChangelogSection,
  parseChanges,
} from "../../lib/release/mod.ts";
import { askGit } from "../ask_git.ts";
import { findBase } from "../find_base.ts";
import { explainMissingChange } from "./explain_missing_change.ts";

const CHANGELOG = "CHANGELOG.md";
/** Says how a change is written, and is none. */
const CHANGES_README = `${CHANGES_FOLDER}/README.md`;
/** What users notice changes of. */
const PROGRAM = ["lib", "scripts"];

/** Check that the changelog has the version, and no section that no release reads. */
export async function checkChangelog(): Promise<void> {
  const text = await Deno.readTextFile(CHANGELOG);
  const misplaced = explainUnreleased(text);
  if (misplaced !== null) {
    throw new Error(`${CHANGELOG}: ${misplaced}; move each of its entries to a file of its own in ${CHANGES_FOLDER}/`);
  }
  const [base] = VERSION.split("-");
  if (findChangelogSection(text, base!) === null) throw new Error(`${CHANGELOG} has no section [${base}]`);
}

/**
 * Check the files of changes, and that one of them is new if the program differs from where the branch left its
 * target. One that is gone tells something too: a revert takes back what no release has yet.
 *
 * @param target The branch that the project is merged into
 * @throws {Error} If a file is not right, or none tells of the change
 */
export async function checkChanges(target: string, signal: AbortSignal, folder: string = Deno.cwd()): Promise<void> {
  parseChanges(await readChangeFiles(folder));
  const base = await findBase(target, signal, folder).catch(() => null);
  const before = base === null ? null : await askGit(["cat-file", "blob", `${base}:./${CHANGELOG}`], signal, folder);
  if (base === null || before === null) return;
  const ask = async (args: readonly string[]) =>
    (await askGit(args, signal, folder) ?? "").split("\0").filter((path) => path !== "" && path !== CHANGES_README);
  const listChanged = (paths: readonly string[], filter: string) =>
    ask([
      "diff",
      "--name-only",
      "--no-ext-diff",
      "--no-renames",
      `--diff-filter=${filter}`,
      "-z",
      base,
      "--",
      ...paths,
    ]);
  const listUntracked = (paths: readonly string[]) =>
    ask(["ls-files", "--others", "--exclude-standard", "-z", "--", ...paths]);
  const program = [...await listChanged(PROGRAM, "ACDMRT"), ...await listUntracked(PROGRAM)];
  const now = await Deno.readTextFile(join(folder, CHANGELOG));
  const missing = explainMissingChange({ program, changes: await listChanged([CHANGES_FOLDER], "ADM"), before, now });
  if (missing === null) return;
  const untracked = await listUntracked([CHANGES_FOLDER]);
  const are = untracked.length === 1 ? "is" : "are";
  const advice = untracked.length === 0
    ? `${CHANGES_README} says how to write one`
    : `${untracked.join(", ")} ${are} untracked, so no commit has ${untracked.length === 1 ? "it" : "them"}: ` +
      `git add ${untracked.map(quoteWord).join(" ")}`;
  throw new Error(`${missing} since ${base.slice(0, 9)}; ${advice}`);
}

async function readChangeFiles(folder: string): Promise<readonly ChangeFile[]> {
  const files: ChangeFile[] = [];
  for await (const { name, isFile } of Deno.readDir(join(folder, CHANGES_FOLDER))) {
    files.push({
      path: `${CHANGES_FOLDER}/${name}`,
      text: isFile ? await Deno.readTextFile(join(folder, CHANGES_FOLDER, name)) : null,
    });
  }
  return files;
}
