import { PATCH_PATH, type PreparedRollback, revertArgs, revertBranch } from "../../lib/release/mod.ts";

/** A step as `--dry-run` shows it. */
export interface PlannedStep {
  /** What is done. */
  readonly text: string;
  /** The git commands, as they could be typed in the repository. */
  readonly commands: readonly string[];
}

/** List the steps of a prepared rollback. */
export function planSteps(prepared: PreparedRollback): readonly PlannedStep[] {
  const { request, sha, patch, libraryChange, isInstalled, name } = prepared;
  const apply = patch === null ? [] : [{ text: `Apply ${PATCH_PATH} there`, commands: ["git apply --3way -- PATCH"] }];
  const library = libraryChange === null ? [] : [{ text: libraryChange, commands: [] }];
  const verify = [{ text: "Verify version, self-test and library; put everything back if that fails", commands: [] }];
  switch (request.mode) {
    case "install": {
      const build = [
        { text: `Check ${request.tag} out into a temporary folder`, commands: [checkout("TEMPORARY", sha)] },
        ...apply,
        { text: `Build it there with its own task, and install it in ${request.folder}`, commands: [] },
      ];
      const change = { text: `Switch the installed version to ${name}`, commands: [] };
      return [...isInstalled ? [] : build, ...library, change, ...verify];
    }
    case "worktree":
      return [
        { text: `Check ${request.tag} out into ${request.tree}`, commands: [checkout(request.tree!, sha)] },
        ...apply,
        ...library,
        ...verify,
      ];
    case "revert": {
      const branch = revertBranch(request.tag);
      return [
        {
          text: `Check ${prepared.tip!.name} out into a temporary folder`,
          commands: [checkout("TEMPORARY", prepared.tip!.sha)],
        },
        {
          text: `Revert ${prepared.reverts.length} commits there, the newest first`,
          commands: prepared.reverts.map((commit) => `git ${revertArgs(commit).join(" ")}`),
        },
        ...apply,
        ...verify,
        {
          text: `Create branch ${branch}`,
          commands: [`git update-ref refs/heads/${branch} NEW ${"0".repeat(sha.length)}`],
        },
      ];
    }
  }
}

function checkout(path: string, sha: string): string {
  return `git worktree add --detach ${/[^\w./-]/.test(path) ? JSON.stringify(path) : path} ${sha}`;
}
