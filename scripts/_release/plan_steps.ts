import { formatCount } from "../../lib/base/mod.ts";
import {
  addWorktreeArgs,
  applyPatchArgs,
  GIT_FUNCTION,
  MAKE_TREE_FOLDER,
  quoteScriptWord,
  REMOVE_TREE_FOLDER,
} from "../../lib/git/mod.ts";
import { commitPatchArgs, PATCH_PATH, type PreparedRollback, revertArgs, revertBranch } from "../../lib/release/mod.ts";

/** A step as `--dry-run` shows it. */
export interface PlannedStep {
  /** What is done. */
  readonly text: string;
  /** The git commands, as they could be typed in the repository; those of all steps together are a shell script. */
  readonly commands: readonly string[];
}

/** Begins a script that works in a temporary tree. */
const TEMPORARY: readonly string[] = [GIT_FUNCTION, MAKE_TREE_FOLDER];

/** Ends it. */
const REMOVE_TREE: readonly string[] = ['git worktree remove "$tree"', REMOVE_TREE_FOLDER];

/** List the steps of a prepared rollback. */
export function planSteps(prepared: PreparedRollback): readonly PlannedStep[] {
  const { request, sha, libraryChange, isInstalled, isInUse, isCheckedOut, name } = prepared;
  const library = libraryChange === null ? [] : [{ text: libraryChange, commands: [] }];
  const verify = [{ text: "Verify version, self-test and library; put everything back if that fails", commands: [] }];
  switch (request.mode) {
    case "install": {
      const build = [
        {
          text: `Check ${request.tag} out into a temporary folder`,
          commands: [...TEMPORARY, gitCommand(addWorktreeArgs("$tree", sha))],
        },
        ...applyPatch(prepared, "$tree", []),
        { text: `Build it there with its own task, and install it in ${request.folder}`, commands: [] },
        { text: "Remove the temporary folder", commands: ['rm -rf "$tree"', ...REMOVE_TREE] },
      ];
      const change = {
        text: isInUse ? `${name} is in use already` : `Switch the installed version to ${name}`,
        commands: [],
      };
      return [...isInstalled ? [] : build, ...library, change, ...verify];
    }
    case "worktree": {
      const tree = request.tree!;
      const make = [
        {
          text: `Check ${request.tag} out into ${tree}`,
          commands: [GIT_FUNCTION, gitCommand(addWorktreeArgs(tree, sha))],
        },
        ...applyPatch(prepared, tree, []),
      ];
      const there = { text: `${tree} is as it is wanted already`, commands: [] };
      return [
        ...isCheckedOut ? [there] : make,
        ...library,
        ...verify,
      ];
    }
    case "revert":
      return planRevert(prepared, verify);
  }
}

function planRevert(prepared: PreparedRollback, verify: readonly PlannedStep[]): readonly PlannedStep[] {
  const { request, reverts, tip, tipName, sha } = prepared;
  const branch = revertBranch(request.tag);
  return [
    {
      text: `Check ${tipName} out into a temporary folder`,
      commands: [...TEMPORARY, gitCommand(addWorktreeArgs("$tree", tip!))],
    },
    {
      text: `Revert ${
        formatCount(reverts.length, "commit")
      } there, the newest first; one that changes nothing is skipped`,
      commands: reverts.map((commit) => inTree("$tree", revertArgs(commit))),
    },
    ...applyPatch(prepared, "$tree", [inTree("$tree", commitPatchArgs(request.tag))]),
    ...verify,
    {
      text: `Create branch ${branch}`,
      commands: [
        `made=$(${inTree("$tree", ["rev-parse", "HEAD"])})`,
        gitCommand(["update-ref", `refs/heads/${branch}`, "$made", "0".repeat(sha.length)]),
      ],
    },
    { text: "Remove the temporary folder", commands: REMOVE_TREE },
  ];
}

/** The patch is applied to a tree; further commands may commit it. */
function applyPatch(
  { patch }: PreparedRollback,
  tree: string,
  commands: readonly string[],
): readonly PlannedStep[] {
  if (patch === null) return [];
  const apply = inTree(tree, applyPatchArgs(patch.path, ["--3way"]));
  return [{ text: `Apply ${PATCH_PATH} there`, commands: [apply, ...commands] }];
}

function inTree(tree: string, args: readonly string[]): string {
  return gitCommand(["-C", tree, ...args]);
}

function gitCommand(args: readonly string[]): string {
  return ["git", ...args.map(quoteScriptWord)].join(" ");
}
