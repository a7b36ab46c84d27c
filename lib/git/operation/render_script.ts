import { quoteWord } from "../../base/mod.ts";
import type { OperationPlan } from "./run_operation.ts";
import type { MergeStep, Step, StepObject } from "./step.ts";
import { listResolutionCalls, listStepCalls, type StepCall } from "./step_calls.ts";

/** Makes git in a script behave as this program runs it: without hooks, and without cleaning up. */
const GIT_FUNCTION = 'git() { command git -c core.hooksPath=/dev/null -c gc.auto=0 "$@"; }';

/** Makes the folder of a temporary tree, and names the tree. */
const MAKE_TREE_FOLDER = "tree=$(mktemp -d)/tree";

/** Removes that folder, after git has removed the tree. */
const REMOVE_TREE_FOLDER = 'rmdir "${tree%/tree}"';

/** What an operation has done already when a script completes it. */
export interface ScriptStart {
  /** Results of the steps before, by id: full hashes. */
  readonly results: Readonly<Record<string, string>>;
  /** The first step, if it is a merge that a person has resolved, and the tree that has it. */
  readonly resolved?: { readonly step: MergeStep; readonly tree: string };
}

/**
 * Write the steps of an operation as a shell script: the very calls that a run makes. It needs no network until it
 * pushes, and it stops at the first failure.
 *
 * @param plan The operation
 * @param start What was done already
 * @returns Lines of POSIX shell, each ending with a line break
 */
export function renderScript(
  { steps }: Pick<OperationPlan, "steps">,
  { results, resolved }: ScriptStart = { results: {} },
): string {
  const names = new Map<string, string>();
  const nameOf = (object: StepObject) => {
    if ("sha" in object) return object.sha;
    return results[object.step] ?? `$${names.get(object.step) ?? ""}`;
  };
  const first = steps.find((step) => firstCommit(step) !== null);
  const lines: string[] = [];
  if (resolved !== undefined) lines.push(`tree=${quoteWord(resolved.tree)}`);
  else if (first !== undefined) {
    lines.push(
      MAKE_TREE_FOLDER,
      `git worktree add --detach --quiet "$tree" ${quoteScriptWord(nameOf(firstCommit(first)!))}`,
    );
  }
  for (const step of steps) {
    const variable = nameVariable(step.id, [...names.values()]);
    const calls = step === resolved?.step ? listResolutionCalls(step) : listStepCalls(step, nameOf);
    const rendered = calls.map((call) => renderCall(call, variable));
    if (step.type === "check" && step.isOnlyForResolved === true) {
      lines.push(renderIfResolved(nameOf(step.on)), ...rendered.map((line) => `  ${line}`), "fi");
    } else lines.push(...rendered);
    names.set(step.id, variable);
  }
  if (first !== undefined) lines.push('git worktree remove "$tree"');
  if (first !== undefined && resolved === undefined) lines.push(REMOVE_TREE_FOLDER);
  return joinScript(lines);
}

/** Begin a condition: whether the files of a merge are others than those that git makes of its parents. */
function renderIfResolved(merge: string): string {
  const name = merge.replace(/^\$(\w+)$/, "${$1}");
  return `if [ "$(git merge-tree --write-tree "${name}^1" "${name}^2")" != "$(git rev-parse "${name}^{tree}")" ]; then`;
}

/** Write calls in the user's repository as a shell script. */
export function renderCalls(calls: readonly StepCall[]): string {
  return joinScript(calls.map((call) => renderCall(call, "")));
}

function joinScript(lines: readonly string[]): string {
  return ["set -eu", GIT_FUNCTION, ...lines].map((line) => `${line}\n`).join("");
}

/** Name the variable for the result of a step; ids of branches such as 幹 and 枝 differ in no letter that a shell allows. */
function nameVariable(id: string, taken: readonly string[]): string {
  const name = id.replaceAll(/\W/g, "_");
  const isFree = (candidate: string) => !taken.includes(candidate);
  return isFree(name) ? name : `${name}_${taken.length}`;
}

/** The commit at which a step needs the tree; `null` if it needs none, or a commit that is not made yet. */
function firstCommit(step: Step): StepObject | null {
  if (step.type === "merge" || step.type === "commit") return step.onto;
  return step.type === "check" ? step.on : null;
}

function renderCall({ where, program, args, isResult }: StepCall, variable: string): string {
  const words = args.map(quoteScriptWord).join(" ");
  if (program !== "git") return `(cd "$tree" && ${quoteScriptWord(program)} ${words})`;
  const call = where === "tree" ? `git -C "$tree" ${words}` : `git ${words}`;
  return isResult ? `${variable}=$(${call})` : call;
}

/**
 * Quote a word of a script, which may be one of its variables.
 *
 * @param word Any text; a variable such as `$tree` stays one
 * @returns The word, in quotes if it needs them
 */
function quoteScriptWord(word: string): string {
  if (/^\$\w+(:[\w./-]+)?$/.test(word)) return `"${word.replace(/^\$(\w+)/, "${$1}")}"`;
  // A commit and the name of a branch, which has no spaces but may have any letters.
  const [, variable, ref] = /^\$(\w+)(:[^ ]+)$/.exec(word) ?? [];
  return variable === undefined ? quoteWord(word) : `"\${${variable}}"${quoteWord(ref!)}`;
}
