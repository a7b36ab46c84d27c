import { VERSION } from "../../lib/base/mod.ts";
import type { CheckResult, GateCheckOptions, GateProblem } from "../../lib/gate/mod.ts";
import { askGit } from "../ask_git.ts";
import { checkExports } from "./check_exports.ts";
import { explainChangelog } from "./explain_changelog.ts";
import { checkLinks } from "./check_links.ts";
import { checkSiteMap } from "./check_site_map.ts";
import { checkTranslations } from "./check_translations.ts";
import { listPagePaths } from "./list_page_paths.ts";
import { findBase } from "../find_base.ts";
import { assertNoParameters } from "../parameter_reader.ts";
import { lastLines, runDeno } from "../run_deno.ts";

const CHANGELOG = "CHANGELOG.md";
/** What users notice changes of. */
const PROGRAM = ["lib", "scripts"];

/**
 * Check the documents: doc comments, the command reference and the commands in the pages, links, the map of the site,
 * translations, and the changelog, in which every change of the program has an entry. Also check that no two rooms
 * export the same name.
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
    "changelog": () => checkChangelog(signal),
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

async function checkChangelog(signal: AbortSignal): Promise<void> {
  const text = await Deno.readTextFile(CHANGELOG);
  if (!text.includes(`## [${VERSION}]`) && !text.includes("## [Unreleased]")) {
    throw new Error(`${CHANGELOG} has neither [${VERSION}] nor [Unreleased]`);
  }
  const base = await findBase("main", signal).catch(() => null);
  const before = base === null ? null : await askGit(["cat-file", "blob", `${base}:./${CHANGELOG}`], signal);
  if (before === null) return;
  const changed = await askGit(["diff", "--name-only", "--no-ext-diff", "-z", base!, "--", ...PROGRAM], signal) ?? "";
  const added = await askGit(["ls-files", "--others", "--exclude-standard", "-z", "--", ...PROGRAM], signal) ?? "";
  const missing = explainChangelog(before, text, `${changed}${added}`.split("\0").filter((path) => path !== ""));
  if (missing === null) return;
  throw new Error(`${missing} since ${base!.slice(0, 9)}; say in a line of ${CHANGELOG} what users notice`);
}
