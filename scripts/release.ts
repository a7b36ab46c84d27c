import { KitError } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import type { ReleaseStatus } from "../lib/release/mod.ts";
import {
  type AgreedVersion,
  changeRelease,
  checkRelease,
  readReleaseNotes,
  readStatus,
  refuseIdleFlags,
  RELEASE_FLAGS,
  type ReleaseChange,
  type RenderedNotes,
} from "./_release/release_actions.ts";
import { renderAgreement, renderReleaseChange, renderReleaseStatus } from "./_release/render_release.ts";
import { runScript } from "./_frame/run_script.ts";

const ACTIONS = ["status", "prepare", "alpha", "beta", "candidate", "stable", "notes", "check"];

/** The `release` command: prepares a version, tags its stages, and shows what is released. */
export const command = defineCommand({
  name: "release",
  group: "Maintenance",
  permissions: "release",
  summary: "Prepare a version, tag its stages, and show what is released",
  description: [
    "prepare VERSION makes or uses the release's branch: one commit sets the version and gathers the files of changes/ " +
    "into its section of CHANGELOG.md, which is its notes. alpha, beta and candidate tag what is on that branch; stable " +
    "merges it into main and develop and tags the merge. Each stage follows the one before it, and the first release of a " +
    "line waits until its phase is finished. A fix of an older line, such as 1.0.4 when 2.0.0 is released, begins with " +
    "branch start-release 1.0.4; it is tagged on its branch and merged nowhere.",
    "Before a tag is pushed, tag, deno.json, changelog, manual page and program must say the same version (check), and the " +
    "gate of the phase must pass on the tagged tree; a stable release also needs the production test of its candidate. " +
    "A push is taken as a whole or not at all; stable pushes main and its tag first, then develop. branch continue and " +
    "branch undo complete it or take it back.",
  ].join("\n\n"),
  args: [
    { name: "ACTION", summary: "What to do; status is the default", choices: ACTIONS },
    { name: "VERSION", summary: "A version such as 1.1.0; with check, a tag" },
  ],
  flags: RELEASE_FLAGS,
  examples: [
    { command: "civitai-dl release", summary: "What is released, and the next command" },
    { command: "civitai-dl release prepare 1.1.0", summary: "Version and changelog" },
    { command: "civitai-dl release candidate 1.1.0 --dry-run", summary: "The git commands, without running them" },
    { command: "civitai-dl release notes 1.1.0", summary: "The notes, as Markdown for GitHub" },
  ],
  exits: {
    1: "The gate or a check failed; nothing was changed",
    3: "Evidence is missing: of the gate, or of the production test",
    4: "It would not be safe: wrong order, existing tag, unpushed commits, uncommitted changes, a conflict",
    6: true,
  },
  async run(context): Promise<ReleaseStatus | ReleaseChange | RenderedNotes | AgreedVersion> {
    const [action = "status", word] = context.args;
    refuseIdleFlags(context);
    switch (action) {
      case "status":
        if (word !== undefined) throw new KitError("usage", `Cannot understand "${word}" after status`);
        return await readStatus(context);
      case "notes":
        return await readReleaseNotes(context);
      case "check":
        return await checkRelease(context);
      default:
        return await changeRelease(context);
    }
  },
  isDocument: (result: ReleaseStatus | ReleaseChange | RenderedNotes | AgreedVersion) =>
    !("action" in result) && "notes" in result,
  render(result: ReleaseStatus | ReleaseChange | RenderedNotes | AgreedVersion, options) {
    if ("action" in result) return renderReleaseChange(result);
    if ("notes" in result) return result.notes;
    return "agreed" in result ? renderAgreement(result) : renderReleaseStatus(result, options);
  },
});

if (import.meta.main) await runScript(command);
