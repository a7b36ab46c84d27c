import { KitError } from "../../lib/base/mod.ts";
import type { RollbackMode } from "../../lib/installation/mod.ts";
import type { RollbackFlags } from "./rollback_flags.ts";

/** A flag of `rollback` that means something to some of its uses only. */
type UsedFlag = "dry-run" | "folder" | "library" | "mode" | "stop-run";

/** What `rollback` is used for: a mode to roll back with, or something else. */
export type RollbackUse = RollbackMode | "list" | "status" | "continue" | "undo";

/** The flags that each use understands. */
const USED_BY: Readonly<Record<RollbackUse, readonly UsedFlag[]>> = {
  install: ["mode", "library", "stop-run", "dry-run"],
  worktree: ["mode", "folder", "library", "stop-run", "dry-run"],
  list: [],
  status: [],
  continue: ["dry-run"],
  undo: ["dry-run"],
};

/** Options of {@linkcode refuseUnusedFlags}. */
export interface UnusedFlagsOptions {
  readonly flags: Pick<RollbackFlags, "library" | "stopRun">;
  /** Whether a flag is on the command line. */
  readonly isGiven: (name: string) => boolean;
}

/**
 * Refuse flags that the command would ignore: somebody who gives a folder does not want the installed version switched.
 *
 * @param use What the command is used for
 * @param options The flags, and which of them are on the command line
 * @throws {KitError} `usage` for the first such flag
 */
export function refuseUnusedFlags(use: RollbackUse, { flags, isGiven }: UnusedFlagsOptions): void {
  const names: readonly UsedFlag[] = ["mode", "folder", "library", "stop-run", "dry-run"];
  const unused = names.find((name) => isGiven(name) && !USED_BY[use].includes(name));
  if (unused !== undefined) throw unusedFlag(unused, use);
  if (!isGiven("stop-run") || !flags.stopRun || flags.library !== undefined) return;
  throw new KitError("usage", "Cannot use --stop-run without a library: it stops the run that holds one", {
    hint: "Name the library: --library FOLDER",
  });
}

function unusedFlag(name: UsedFlag, use: RollbackUse): KitError {
  if (use === "install") {
    return new KitError("usage", `Cannot use --${name} to roll back by install: it is for --mode worktree`, {
      hint: `Add --mode worktree, or leave --${name} out`,
    });
  }
  const word = use === "list" ? "--list" : use;
  return new KitError("usage", `Cannot use --${name} with ${word}: it means nothing there`, {
    hint: `Leave --${name} out`,
  });
}
