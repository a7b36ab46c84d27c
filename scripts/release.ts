import { KitError } from "../lib/base/mod.ts";
import { type Column, createPaint, defineCommand, type RenderOptions, renderTable } from "../lib/cli/mod.ts";
import type { SurveyedTag } from "../lib/release/mod.ts";
import {
  type AgreedVersion,
  changeRelease,
  checkRelease,
  readReleaseNotes,
  readReleaseStatus,
  RELEASE_FLAGS,
  type ReleaseChange,
  type ReleaseStatus,
  type RenderedNotes,
} from "./_release/release_actions.ts";
import { renderOperation } from "./_branch/render_branches.ts";
import { runScript } from "./_frame/run_script.ts";

const ACTIONS = ["status", "prepare", "alpha", "beta", "candidate", "stable", "notes", "check"];

/** The `release` command: prepares a version, tags its stages, and shows what is released. */
export const command = defineCommand({
  name: "release",
  group: "Maintenance",
  summary: "Prepare a version, tag its stages, and show what is released",
  description: [
    "prepare VERSION makes or uses the release's branch: one commit sets the version, turns [Unreleased] of CHANGELOG.md " +
    "into its section, and drafts the notes in two languages. alpha, beta and candidate tag what is on that branch; stable " +
    "merges it into main and develop and tags the merge. Each stage follows the one before it.",
    "Before a tag is pushed, tag, deno.json, changelog, manual page and program must say the same version (check), and the " +
    "gate of the phase must pass on the tagged tree; a stable release also needs the production test of its candidate. " +
    "Everything is pushed at once or not at all; branch continue and branch undo complete it or take it back.",
  ].join("\n\n"),
  args: [
    { name: "ACTION", summary: `${ACTIONS.join(", ")}; status is the default`, choices: ACTIONS },
    { name: "VERSION", summary: "Such as 1.1.0; for check a tag" },
  ],
  flags: RELEASE_FLAGS,
  examples: [
    { command: "civitai-dl release", summary: "What is released, and the next command" },
    { command: "civitai-dl release prepare 1.1.0", summary: "Version, changelog and a draft of the notes" },
    { command: "civitai-dl release candidate 1.1.0 --dry-run", summary: "The git commands, without running them" },
    { command: "civitai-dl release notes 1.1.0 --lang ja", summary: "The notes in Japanese, as Markdown" },
  ],
  exits: {
    1: "The gate or a check failed; nothing was changed",
    3: "Evidence is missing: of the gate, or of the production test",
    4: "It would not be safe: wrong order, existing tag, unpushed commits, uncommitted changes, a conflict",
  },
  async run(context): Promise<ReleaseStatus | ReleaseChange | RenderedNotes | AgreedVersion> {
    const [action = "status", word] = context.args;
    switch (action) {
      case "status":
        if (word !== undefined) throw new KitError("usage", `Cannot understand "${word}" after status`);
        return await readReleaseStatus(context);
      case "notes":
        return await readReleaseNotes(context);
      case "check":
        return await checkRelease(context);
      default:
        return await changeRelease(context);
    }
  },
  render(result: ReleaseStatus | ReleaseChange | RenderedNotes | AgreedVersion, options) {
    if ("notes" in result) return result.notes;
    if ("agreed" in result) return `Tag, deno.json, changelog, manual page and program say ${result.agreed}\n`;
    return "tags" in result ? renderStatus(result, options) : renderChange(result);
  },
});

const COLUMNS: readonly Column<SurveyedTag>[] = [
  { title: "Tag", value: ({ version }) => version.tag },
  { title: "Stage", value: ({ version }) => version.stage },
  { title: "Commit", value: ({ commit }) => commit.slice(0, 12) },
  { title: "Where", value: describePlace },
];

function describePlace({ isLocal, isRemote }: SurveyedTag): string {
  if (isRemote === null) return "here";
  if (isRemote) return isLocal ? "here and there" : "only there";
  return "only here";
}

function renderStatus({ operation, tags, open }: ReleaseStatus, { width, color }: RenderOptions): string {
  const unended = renderOperation(operation, createPaint({ color }));
  const wayOn = operation === null
    ? ""
    : "Finish it with civitai-dl branch continue, or take it back with branch undo\n\n";
  const table = tags.length === 0 ? "Nothing is released.\n" : renderTable(tags, COLUMNS, { width });
  const next = open.map(({ version, branch, next }) => `${version} on ${branch}, next: civitai-dl ${next}\n`);
  return `${unended.trimEnd()}${unended === "" ? "" : "\n"}${wayOn}${table}${next.length === 0 ? "" : "\n"}${
    next.join("")
  }`;
}

function renderChange({ action, command, summary, notices, unlisted, script }: ReleaseChange): string {
  const commits = unlisted.map((commit) => `  ${commit.sha.slice(0, 8)} ${commit.subject}`);
  const notes = [
    ...notices,
    ...commits.length === 0 ? [] : ["Commits that no line of the changelog names:", ...commits],
  ];
  if (action === "dry-run") return `# ${command}: ${summary}\n${notes.map((note) => `# ${note}\n`).join("")}${script}`;
  return [`${summary}: done`, ...notes, "To take it back: civitai-dl branch undo"].map((line) => `${line}\n`).join("");
}

if (import.meta.main) await runScript(command);
