import { messageOf } from "../../lib/base/mod.ts";
import type { CheckResult, GateProblem } from "../../lib/gate/mod.ts";
import { checkChangelog, checkChanges } from "./check_changes.ts";
import { checkDoors } from "./check_doors.ts";
import { checkLinks } from "./check_links.ts";
import { checkSiteMap } from "./check_site_map.ts";
import { listPagePaths } from "./list_page_paths.ts";
import type { HouseOptions } from "../house_options.ts";
import { assertNoParameters } from "../parameter_reader.ts";
import { lastLines, runDeno } from "../run_deno.ts";

/**
 * Check the documents: doc comments of the published modules, the command reference and the commands in the pages, links, the map of the site,
 * and the files of `changes/`, one of which tells of every change of the program. Also check what rooms export.
 */
export async function checkDocuments(
  parameters: Readonly<Record<string, unknown>>,
  { target, signal }: HouseOptions,
): Promise<CheckResult> {
  assertNoParameters(parameters);
  const pages = await listPagePaths();
  const parts: Readonly<Record<string, () => Promise<unknown>>> = {
    "doc lint": async () => runDenoOrThrow(["doc", "-q", "--lint", ...await listPublishedModules()], signal),
    "doors": () => checkDoors({ signal }),
    "commands in docs": () => runDenoOrThrow(["run", "-q", "-P=house", "scripts/docs.ts", "--check"], signal),
    "links": () => checkLinks(pages),
    "site": () => checkSiteMap(pages),
    "changelog": () => checkChangelog(),
    "changes": () => checkChanges(target, signal),
  };
  const problems: GateProblem[] = [];
  for (const [name, check] of Object.entries(parts)) {
    try {
      await check();
    } catch (error) {
      signal.throwIfAborted();
      problems.push({ message: `${name}: ${messageOf(error)}` });
    }
  }
  const value = problems.length;
  const count = Object.keys(parts).length;
  return { value, count, unit: "parts checked", measured: `${value} of ${count} document checks failed`, problems };
}

/** List the modules that others can import; `./cli` is the program. */
async function listPublishedModules(): Promise<readonly string[]> {
  const { exports } = JSON.parse(await Deno.readTextFile("deno.json")) as { exports: Readonly<Record<string, string>> };
  return Object.entries(exports).filter(([name]) => name !== "./cli").map(([, path]) => path);
}

async function runDenoOrThrow(args: readonly string[], signal: AbortSignal): Promise<void> {
  const run = await runDeno(args, { signal });
  if (run.code !== 0) throw new Error(lastLines(run));
}
