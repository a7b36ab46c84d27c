import { KitError } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import {
  BRANCH_FLAGS,
  type BranchChange,
  type BranchFlags,
  type BranchOverview,
  changeBranches,
  openBranchContext,
  readBranches,
  resumeBranches,
} from "./_branch/branch_actions.ts";
import { renderBranchChange, renderBranchStatus } from "./_branch/render_branches.ts";
import { runScript } from "./_frame/run_script.ts";

const ACTIONS = [
  "status",
  "create-phase",
  "finish-phase",
  "start",
  "finish",
  "start-hotfix",
  "finish-hotfix",
  "start-release",
  "continue",
  "undo",
] as const;

/** Actions that take no word besides. */
const BARE: readonly string[] = ["status", "continue", "undo"];
const STARTS: readonly string[] = ["create-phase", "start", "start-hotfix", "start-release"];
const FINISHES: readonly string[] = ["finish-phase", "finish", "finish-hotfix"];
const CHANGES: readonly string[] = [...STARTS, ...FINISHES, "continue", "undo"];

type BranchResult = BranchOverview | BranchChange;

/** The `branch` command: starts, merges and tags branches by the strategy of the project. */
export const command = defineCommand({
  name: "branch",
  group: "Maintenance",
  permissions: "branch",
  summary: "Start, merge and tag branches by the branch strategy, and take it back",
  description: [
    "status shows where phases and branches stand, and the next command.",
    "create-phase N and start NAME create branches at the place where the strategy of config/branches.yml lets them begin, " +
    "here and on the remote. finish-phase N and finish NAME merge a branch where it belongs, run the gate on the merged " +
    "tree, and only then tag it and push everything at once. finish develop brings " +
    "that branch into main, as between phases and after the last one. start-hotfix, finish-hotfix and start-release are short forms. " +
    "start-release 1.0.4 begins at v1.0.3 if main has gone on to a later line.",
    "Your working tree, index and stash are not touched, unless --switch asks for it: merges are made in a temporary tree. " +
    "If a merge has conflicts or the program is killed, status shows where it stands; continue completes it, and undo takes " +
    "it back, here and on the remote, as long as nobody has built upon it and the rules of the remote allow it.",
  ].join("\n\n"),
  args: [
    { name: "ACTION", summary: "What to do; status is the default", choices: [...ACTIONS] },
    { name: "NAME", summary: "A phase, a branch, a hotfix or a version" },
  ],
  flags: BRANCH_FLAGS,
  examples: [
    { command: "civitai-dl branch", summary: "Where everything stands, and what to do next" },
    { command: "civitai-dl branch create-phase 1", summary: "performance/phase1 and benchmark/phase1-test" },
    { command: "civitai-dl branch finish-phase 1 --dry-run", summary: "The git commands, without running them" },
    { command: "civitai-dl branch start-hotfix security --switch", summary: "Begin an urgent fix and work on it" },
    { command: "civitai-dl branch undo", summary: "Take the last change back; --dry-run shows how" },
  ],
  exits: {
    1: "The gate failed, and nothing was changed",
    3: "The gate lacks evidence",
    4: "It would not be safe: uncommitted changes, a conflict, a branch that has no commits, moved on or exists, another operation",
    5: "The remote refuses access",
    6: "The remote cannot be reached; nothing was changed",
  },
  async run(context): Promise<BranchResult> {
    const [action = "status", word] = context.args;
    if (word !== undefined && BARE.includes(action)) {
      throw new KitError("usage", `Cannot understand "${word}" after ${action}`);
    }
    refuseUnused(action, context.flags);
    const branches = await openBranchContext(context);
    switch (action) {
      case "status":
        return await readBranches(branches);
      case "continue":
      case "undo":
        return await resumeBranches(branches);
      default:
        return await changeBranches(branches);
    }
  },
  render(result: BranchResult, options) {
    return "script" in result ? renderBranchChange(result) : renderBranchStatus(result, options);
  },
});

/** Refuse flags that an action does not use, so that nobody believes that they had an effect. */
function refuseUnused(action: string, flags: BranchFlags): void {
  const uses: readonly (readonly [flag: string, isGiven: boolean, actions: readonly string[]])[] = [
    ["--dry-run", flags.dryRun, CHANGES],
    ["--switch", flags.switch, STARTS],
    ["--override", flags.override !== undefined, FINISHES],
    ["--offline", flags.offline, ["status", ...CHANGES]],
    ["--remote", flags.remote !== undefined, ["status", ...STARTS, ...FINISHES]],
  ];
  for (const [flag, isGiven, actions] of uses) {
    if (!isGiven || actions.includes(action)) continue;
    throw new KitError("usage", `Cannot use ${flag} with ${action}: it belongs to ${actions.join(", ")}`, {
      hint: "Leave it out",
    });
  }
  if (!flags.offline || flags.dryRun || !CHANGES.includes(action)) return;
  throw new KitError("usage", "Cannot change branches offline: the remote has to agree", {
    hint: "Leave --offline out, or add --dry-run",
  });
}

if (import.meta.main) await runScript(command);
