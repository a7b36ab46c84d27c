import { exists } from "@std/fs";
import { KitError, writeAtomic } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { readConfigText } from "../lib/config/mod.ts";
import { listVersionTags, parseReleaseVersion, type ReleaseVersion } from "../lib/release/mod.ts";
import {
  formatReleaseList,
  parsePercentage,
  parseReleaseList,
  type ReleaseList,
  setShare,
  type StagedRelease,
} from "../lib/rollout/mod.ts";
import { prepareOutputs } from "./_frame/prepare_outputs.ts";
import { runScript } from "./_frame/run_script.ts";
import { findRepository } from "./_release/find_repository.ts";
import { REPO_FLAG } from "./_release/release_flags.ts";

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
    "A share of 0 withdraws the release: no installation takes it any more. A release that is not in the file yet must " +
    "have a tag here. Upload the file to the newest release afterwards, where self-update reads it.",
  args: [
    { name: "TAG", summary: "A stable release, such as v1.1.0", required: true },
    { name: "PERCENT", summary: "From 0 to 100, at most two decimals", required: true },
  ],
  flags: [
    { name: "list", type: "path", summary: "The list", placeholder: "FILE", default: "rollout.json" },
    REPO_FLAG,
    { name: "untagged", type: "boolean", summary: "Accept a release that has no tag in the repository" },
  ],
  examples: [
    { command: "deno task release-share v1.1.0 50", summary: "Half of the installations take it" },
    { command: "deno task release-share v1.1.0 0", summary: "Withdraw it" },
  ],
  exits: { 1: "The list cannot be read" },
  async run({ args, flags }): Promise<ChangedShare> {
    const version = parseReleaseVersion(args[0]!);
    if (version.stage !== "stable") {
      throw new KitError("usage", `Cannot give ${args[0]} to installations: it is a preview`, {
        hint: "Only releases such as v1.1.0 are given to everybody; self-update --version takes a preview",
      });
    }
    const percentage = readShare(args[1]!);
    const before = await readList(flags.list);
    const isListed = before.releases.some((one) => one.version === version.text);
    if (!isListed && !flags.untagged) await requireTag(version, flags.repo);
    const list = setShare(before, version.text, percentage);
    await prepareOutputs([flags.list]);
    await writeAtomic(flags.list, formatReleaseList(list));
    return { file: flags.list, releases: list.releases };
  },
  render: ({ file, releases }: ChangedShare) =>
    `${releases.map(({ version, percentage }) => `${version}: ${percentage} %\n`).join("")}Written: ${file}\n`,
});

/** Refuse a release that was never made: a mistyped one would be offered to installations, or withdraw nothing. */
async function requireTag({ text, tag }: ReleaseVersion, repo: string | undefined): Promise<void> {
  const repository = await findRepository(repo);
  if (repository === null) {
    throw new KitError(
      "usage",
      `Cannot give ${tag} to installations: there is no repository here to look for its tag`,
      {
        hint: "Name a checkout with --repo, or accept it without its tag: --untagged",
      },
    );
  }
  const tags = await listVersionTags(repository);
  if (tags.some(({ version }) => version.text === text)) return;
  throw new KitError("usage", `Cannot give ${tag} to installations: there is no tag ${tag} in "${repository.root}"`, {
    hint: "If it was released, get its tag: git fetch --tags",
  });
}

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
  if (!await exists(path)) return { releases: [] };
  const text = await readConfigText(path, { hint: "Set --list to the file of the releases, such as rollout.json" });
  return parseReleaseList(text, { file: path });
}

if (import.meta.main) await runScript(command);
