import { VERSION } from "../lib/base/mod.ts";
import type { CheckResult, GateCheckOptions, GateProblem } from "../lib/gate/mod.ts";
import { checkExports } from "./check_exports.ts";
import { checkLinks } from "./check_links.ts";
import { CheckParameters } from "./check_parameters.ts";
import { lastWords, runDeno } from "./run_deno.ts";

const PAGES = ["README.md", "README.ja.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];

/** Check that the documentation matches the program: exports, commands, links and version. */
export async function checkDocuments(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  new CheckParameters(parameters, []);
  const rooms = await listRooms();
  const parts: Readonly<Record<string, () => Promise<unknown>>> = {
    "doc lint": () => must(["doc", "-q", "--lint", ...rooms.map((room) => `lib/${room}/mod.ts`)], signal),
    "exports": () => checkExports(rooms),
    "commands in docs": () => must(["run", "-q", "-P=house", "scripts/docs.ts", "--check"], signal),
    "links": () => checkLinks(PAGES),
    "changelog": checkChangelog,
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
  return { value, count, unit: "parts checked", measured: `${value} of ${count} parts are not current`, problems };
}

/** List the names of the rooms, sorted. */
async function listRooms(): Promise<readonly string[]> {
  const rooms: string[] = [];
  for await (const entry of Deno.readDir("lib")) if (entry.isDirectory) rooms.push(entry.name);
  return rooms.toSorted();
}

async function must(args: readonly string[], signal: AbortSignal): Promise<void> {
  const run = await runDeno(args, { signal });
  if (run.code !== 0) throw new Error(lastWords(run));
}

async function checkChangelog(): Promise<void> {
  const text = await Deno.readTextFile("CHANGELOG.md");
  if (!text.includes(`## [${VERSION}]`) && !text.includes("## [Unreleased]")) {
    throw new Error(`CHANGELOG.md has neither [${VERSION}] nor [Unreleased]`);
  }
}
