import { KitError, writeAtomic } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { parseReleaseVersion } from "../lib/release/mod.ts";
import {
  formatReleaseList,
  parsePercentage,
  parseReleaseList,
  type ReleaseList,
  setShare,
  type StagedRelease,
} from "../lib/rollout/mod.ts";
import { runScript } from "./_frame/run_script.ts";

/** The list of releases after a change. */
interface ChangedShare {
  readonly file: string;
  readonly releases: readonly StagedRelease[];
}

/** The `release-share` task: gives a release to a share of all installations. */
export const command = defineCommand({
  name: "release-share",
  summary: "Give a release to a share of all installations, in rollout.json",
  description:
    "Changes rollout.json, or makes it. An installation that is included stays included when the share grows. " +
    "A share of 0 withdraws the release: no installation takes it any more. Upload the file to the newest release " +
    "afterwards, where self-update reads it.",
  args: [
    { name: "TAG", summary: "A stable release, such as v1.1.0", required: true },
    { name: "PERCENT", summary: "From 0 to 100, at most two decimals", required: true },
  ],
  flags: [
    { name: "list", type: "path", summary: "The list", placeholder: "FILE", default: "rollout.json" },
  ],
  examples: [
    { command: "deno task release-share v1.1.0 50", summary: "Half of the installations take it" },
    { command: "deno task release-share v1.1.0 0", summary: "Withdraw it" },
  ],
  exits: { 1: "The list cannot be read" },
  async run({ args, flags }): Promise<ChangedShare> {
    const { stage, text: version } = parseReleaseVersion(args[0]!);
    if (stage !== "stable") {
      throw new KitError("usage", `Cannot give ${args[0]} to installations: it is a preview`, {
        hint: "Only releases such as v1.1.0 are given to everybody; self-update --version takes a preview",
      });
    }
    const list = setShare(await readList(flags.list), version, readShare(args[1]!));
    await writeAtomic(flags.list, formatReleaseList(list));
    return { file: flags.list, releases: list.releases };
  },
  render: ({ file, releases }: ChangedShare) =>
    `${releases.map(({ version, percentage }) => `${version}: ${percentage} %\n`).join("")}Written: ${file}\n`,
});

function readShare(text: string): number {
  try {
    return parsePercentage(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [state, hint] = error.message.split(": ");
    throw new KitError("usage", `Cannot use PERCENT: ${state}`, { hint: hint!, cause: error });
  }
}

async function readList(path: string): Promise<ReleaseList> {
  try {
    return parseReleaseList(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { releases: [] };
    throw error;
  }
}

if (import.meta.main) await runScript(command);
