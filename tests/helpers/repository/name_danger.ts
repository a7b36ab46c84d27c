import { relative } from "node:path";
import type { GitCall } from "./watched_git.ts";

/** Commands of git that change files, the index or HEAD. In the user's working tree, only `switch` may run. */
const TREE_COMMANDS = new Set([
  ...[
    "add",
    "am",
    "apply",
    "checkout",
    "cherry-pick",
    "commit",
    "merge",
    "mv",
    "pull",
    "read-tree",
    "rebase",
    "restore",
  ],
  ...["revert", "rm", "switch", "update-index"],
]);

/** Commands that throw work away, whatever their flags are. */
const LOSING = new Set(["clean", "filter-branch", "gc", "prune", "reflog", "replace", "reset", "stash"]);

/** Commands that the project runs; another one is looked at by a person before it gets into this list. */
const USUAL = new Set([
  ...["add", "cat-file", "config", "describe", "diff", "fetch", "for-each-ref", "hash-object", "log", "ls-files"],
  ...[
    "ls-remote",
    "ls-tree",
    "merge-base",
    // With --write-tree it only stores the files of a merge; no branch, index or tree changes.
    "merge-tree",
    "push",
    "remote",
    "rev-list",
    "rev-parse",
    "show",
    "status",
    "symbolic-ref",
  ],
  // write-tree only stores the files of the index; no branch, index or tree changes.
  ...["tag", "update-ref", "var", "worktree", "write-tree", ...TREE_COMMANDS],
]);

/**
 * Name what is dangerous about a call of git: what could destroy work, or publish what nobody asked for.
 *
 * @param call The call
 * @param root The user's working tree
 * @returns The reason; `null` if the call is harmless
 */
export function nameDanger({ args, cwd }: Pick<GitCall, "args" | "cwd">, root: string): string | null {
  const { folder, words } = splitArgs(args, cwd);
  const [command = "", ...rest] = words;
  const end = rest.indexOf("--");
  const flags = (end === -1 ? rest : rest.slice(0, end)).filter((word) => word.startsWith("-"));
  const has = (...names: readonly string[]) => flags.some((flag) => names.includes(flag.split("=")[0]!));
  if (LOSING.has(command)) return `git ${command} throws work away`;
  if (!USUAL.has(command)) return `git ${command} is not known to be harmless`;
  const isShort = flags.some((flag) => /^-[a-z]*f/.test(flag) && takesForce(command));
  if (isShort || has("--force")) return `git ${command} is forced`;
  if (has("--hard", "--discard-changes", "--amend")) return `git ${command} ${flags.join(" ")} throws work away`;
  const isUsersTree = !relative(root, folder).startsWith("..");
  if (isUsersTree && TREE_COMMANDS.has(command) && command !== "switch") {
    return `git ${command} runs in the user's working tree`;
  }
  switch (command) {
    case "push":
      return nameDangerOfPush(rest, flags);
    case "fetch": {
      const forced = rest.filter((word) => word.startsWith("+") && !/:refs\/remotes\//.test(word));
      return forced.length > 0 || has("--prune", "-p") ? `git fetch overwrites ${forced.join(" ")}` : null;
    }
    case "worktree":
      return rest[0] === "prune" ? "git worktree prune removes the entries of others" : null;
    case "tag":
      return has("-d", "--delete") ? "git tag deletes a tag without looking where it is" : null;
    case "update-ref":
      return isGuarded(rest) ? null : "git update-ref does not look where the ref is";
    case "switch":
      return has("-C", "--force-create", "--orphan") ? "git switch overwrites a branch" : null;
    default:
      return null;
  }
}

/** Words of a call after git's own options, and the folder in which it works. */
function splitArgs(
  args: readonly string[],
  cwd: string,
): { readonly folder: string; readonly words: readonly string[] } {
  const [first = "", second = ""] = args;
  if (first === "-c") return splitArgs(args.slice(2), cwd);
  if (first === "-C") return splitArgs(args.slice(2), second);
  if (first.startsWith("--no-") || first === "--literal-pathspecs") return splitArgs(args.slice(1), cwd);
  return { folder: cwd, words: args };
}

/** Commands of which `-f` means force. */
function takesForce(command: string): boolean {
  return ["add", "branch", "checkout", "fetch", "mv", "push", "rm", "switch", "tag", "worktree"].includes(command);
}

/** A push is harmless if it is atomic and each of its refs has a lease with the hash that it has now. */
function nameDangerOfPush(words: readonly string[], flags: readonly string[]): string | null {
  const broad = flags.find((flag) => /^--(tags|follow-tags|mirror|all|branches|prune|delete)$|^-d$/.test(flag));
  if (broad !== undefined) return `git push ${broad} changes more than was asked for`;
  const refs = words.filter((word) => /^\+?[^-].*:refs\/|^:refs\//.test(word)).map((word) => word.split(":")[1]!);
  if (words.some((word) => word.startsWith("+"))) return "git push is forced";
  const leased = flags.flatMap((flag) =>
    /^--force-with-lease=(refs\/[^:]+):(?:[0-9a-f]{40,64})?$/.exec(flag)?.[1] ?? []
  );
  const isLeased = refs.length > 0 && refs.every((ref) => leased.includes(ref));
  return isLeased && flags.includes("--atomic") ? null : "git push does not look where the refs of the remote are";
}

/** Whether `update-ref` names the old hash; an empty one means that the ref must not exist. */
function isGuarded(words: readonly string[]): boolean {
  return words[0] !== "--stdin" && words.length === 3;
}
