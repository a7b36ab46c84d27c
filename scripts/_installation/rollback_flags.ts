import type { Flag, FlagsOf } from "../../lib/cli/mod.ts";
import { PREFIX_FLAG, REPO_FLAG } from "./installation_flags.ts";

/** Flags of the `rollback` command. */
export const ROLLBACK_FLAGS = [
  {
    name: "list",
    setting: "none",
    type: "boolean",
    summary: "Show the versions to go back to, and which are known to be good",
  },
  {
    name: "mode",
    setting: "none",
    type: "choice",
    summary: "install if a version is installed, else worktree",
    choices: ["install", "worktree"],
  },
  {
    name: "library",
    setting: "none",
    type: "path",
    summary: "A library that the old version must be able to read",
    placeholder: "FOLDER",
  },
  {
    name: "stop-run",
    setting: "none",
    type: "boolean",
    summary: "Stop a run that holds the library, as Ctrl-C does; it can be continued",
  },
  {
    name: "folder",
    setting: "none",
    type: "path",
    summary: "With worktree: the new folder; PREFIX/worktrees/TAG by default",
    placeholder: "FOLDER",
  },
  PREFIX_FLAG,
  REPO_FLAG,
  { name: "dry-run", setting: "none", type: "boolean", summary: "Show the steps, and change nothing" },
] as const satisfies readonly Flag[];

/** Values of the flags. */
export type RollbackFlags = FlagsOf<typeof ROLLBACK_FLAGS>;
