import { VERSION } from "../../lib/base/mod.ts";
import { join } from "node:path";
import type { CheckResult, GateCheckOptions, GateProblem } from "../../lib/gate/mod.ts";
import {
  type ChangeFile,
  CHANGES_FOLDER,
  explainUnreleased,
  findChangelogSection,
  parseChanges,
} from "../../lib/release/mod.ts";
import { askGit } from "../ask_git.ts";
import { checkExports } from "./check_exports.ts";
import { explainMissingChange } from "./explain_missing_change.ts";
import { checkLinks } from "./check_links.ts";
import { checkSiteMap } from "./check_site_map.ts";
import { checkTranslations } from "./check_translations.ts";
import { listPagePaths } from "./list_page_paths.ts";
import { findBase } from "../find_base.ts";
import { assertNoParameters } from "../parameter_reader.ts";
import { lastLines, runDeno } from "../run_deno.ts";

const CHANGELOG = "CHANGELOG.md";
/** Says how a change is written, and is none. */
const CHANGES_README = `${CHANGES_FOLDER}/README.md`;
/** What users notice changes of. */
const PROGRAM = ["lib", "scripts"];

/**
 * Check the documents: doc comments, the command reference and the commands in the pages, links, the map of the site,
 * translations, and the files of `changes/`, one of which tells of every change of the program. Also check that no two
 * rooms export the same name.
 */
export async function checkDocuments(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  assertNoParameters(parameters);
  const rooms = await listRooms();
  const pages = await listPagePaths();
  const parts: Readonly<Record<string, () => Promise<unknown>>> = {
    "doc lint": () => runDenoOrThrow(["doc", "-q", "--lint", ...rooms.map((room) => `lib/${room}/mod.ts`)], signal),
    "exports": () => checkExports(rooms),
    "commands in docs": () => runDenoOrThrow(["run", "-q", "-P=house", "scripts/docs.ts", "--check"], signal),
    "links": () => checkLinks(pages),
    "site": () => checkSiteMap(pages),
    "translations": () => checkTranslations(pages),
    "changelog": () => checkChangelog(),
    "changes": () => checkChanges(signal),
  };
  const problems: GateProblem[] = [];
  for (const [name, check] of Object.entries(parts)) {
    try {
      await check();
    } catch (error) {
      signal.throwIfAborted();
      problems.push({ message: `${name}: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
  const value = problems.length;
  const count = Object.keys(parts).length;
  return { value, count, unit: "parts checked", measured: `${value} of ${count} document checks failed`, problems };
}

/** List the rooms, which are the folders of `lib/`, sorted by name. */
async function listRooms(): Promise<readonly string[]> {
  const rooms: string[] = [];
  for await (const entry of Deno.readDir("lib")) if (entry.isDirectory) rooms.push(entry.name);
  return rooms.toSorted();
}

async function runDenoOrThrow(args: readonly string[], signal: AbortSignal): Promise<void> {
  const run = await runDeno(args, { signal });
  if (run.code !== 0) throw new Error(lastLines(run));
}

/** Check that the changelog has the version, and no section that no release reads. */
async function checkChangelog(): Promise<void> {
  const text = await Deno.readTextFile(CHANGELOG);
  const misplaced = explainUnreleased(text);
  if (misplaced !== null) {
    throw new Error(`${CHANGELOG}: ${misplaced}; move each of its entries to a file of its own in ${CHANGES_FOLDER}/`);
  }
  const [base] = VERSION.split("-");
  if (findChangelogSection(text, base!) === null) throw new Error(`${CHANGELOG} has no section [${base}]`);
}

/** Check the files of changes, and that one of them is new if the program differs from `main`. */
async function checkChanges(signal: AbortSignal): Promise<void> {
  parseChanges(await readChangeFiles());
  const base = await findBase("main", signal).catch(() => null);
  const before = base === null ? null : await askGit(["cat-file", "blob", `${base}:./${CHANGELOG}`], signal);
  if (base === null || before === null) return;
  const list = async (paths: readonly string[], filter: string) => {
    const diff = ["diff", "--name-only", "--no-ext-diff", "--no-renames", `--diff-filter=${filter}`, "-z", base];
    const changed = await askGit([...diff, "--", ...paths], signal) ?? "";
    const added = await askGit(["ls-files", "--others", "--exclude-standard", "-z", "--", ...paths], signal) ?? "";
    return `${changed}${added}`.split("\0").filter((path) => path !== "");
  };
  const changes = (await list([CHANGES_FOLDER], "AM")).filter((path) => path !== CHANGES_README);
  const now = await Deno.readTextFile(CHANGELOG);
  const missing = explainMissingChange({ program: await list(PROGRAM, "ACDMRT"), changes, before, now });
  if (missing === null) return;
  throw new Error(`${missing} since ${base.slice(0, 9)}; ${CHANGES_README} says how to write one`);
}

async function readChangeFiles(): Promise<readonly ChangeFile[]> {
  const files: ChangeFile[] = [];
  for await (const { name, isFile } of Deno.readDir(CHANGES_FOLDER)) {
    files.push({
      path: `${CHANGES_FOLDER}/${name}`,
      text: isFile ? await Deno.readTextFile(join(CHANGES_FOLDER, name)) : null,
    });
  }
  return files;
}
