import type { CommitStep, MergeStep, RefChange, Step, StepObject } from "./step.ts";

/** One call of git, or of a program of the project, that a step makes. */
export interface StepCall {
  /** Where it runs: in the user's repository, or in the operation's temporary tree. */
  readonly where: "root" | "tree";
  /** `git`, or the program of a check. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Whether its standard output is the result of the step. */
  readonly isResult?: boolean;
}

/** Finds the hash of an object, or how a script names it. */
export type NameObject = (object: StepObject) => string;

/**
 * List the calls that a step makes, in order. A real run and a dry run take them from here.
 *
 * @param step The step
 * @param nameOf Names the commits and tags in the arguments
 * @returns Calls; an exit code other than 0 is a failure of the step
 */
export function listStepCalls(step: Step, nameOf: NameObject): readonly StepCall[] {
  switch (step.type) {
    case "merge":
      return [
        inTree("checkout", "--quiet", "--detach", nameOf(step.onto)),
        inTree("merge", "--quiet", "--no-ff", "--no-edit", "-m", step.message, nameOf(step.from)),
        result(inTree("rev-parse", "HEAD")),
      ];
    case "commit":
      return [
        inTree("checkout", "--quiet", "--detach", nameOf(step.onto)),
        ...listFileCalls(step),
        inTree("commit", "--quiet", "-m", step.message),
        result(inTree("rev-parse", "HEAD")),
      ];
    case "check":
      return [
        inTree("checkout", "--quiet", "--detach", nameOf(step.on)),
        { where: "tree", program: step.command[0]!, args: step.command.slice(1) },
      ];
    case "tag":
      return [
        inRoot("tag", "--annotate", "--message", step.message, step.name, nameOf(step.on)),
        result(inRoot("rev-parse", `refs/tags/${step.name}`)),
      ];
    case "refs":
      return step.changes.map((change) => inRoot(...updateRef(change, nameOf)));
    case "push":
      return [inRoot(...pushArguments(step, nameOf))];
    case "track":
      return [
        inRoot("config", `branch.${step.branch}.remote`, step.remote),
        inRoot("config", `branch.${step.branch}.merge`, `refs/heads/${step.branch}`),
      ];
    case "switch":
      return [inRoot("switch", "--quiet", step.branch)];
    case "act":
      return [];
  }
}

/** List the calls that change files in index and tree; the tree follows, or the next checkout would find them modified. */
function listFileCalls({ files }: CommitStep): readonly StepCall[] {
  const written = files.filter(({ blob }) => blob !== null);
  const removed = files.filter(({ blob }) => blob === null).map(({ path }) => path);
  return [
    ...written.map(({ path, blob }) => inTree("update-index", "--add", "--cacheinfo", `100644,${blob},${path}`)),
    ...written.length === 0 ? [] : [inTree("restore", "--", ...written.map(({ path }) => path))],
    ...removed.length === 0 ? [] : [inTree("rm", "--quiet", "--", ...removed)],
  ];
}

/** List the calls that commit a merge whose conflicts a person has resolved in the tree. */
export function listResolutionCalls({ message }: MergeStep): readonly StepCall[] {
  return [inTree("commit", "--quiet", "-m", message), result(inTree("rev-parse", "HEAD"))];
}

/** Build the arguments that change a ref if it is still where it was; an empty hash means that it must not exist. */
function updateRef({ ref, before, after }: RefChange, nameOf: NameObject): readonly string[] {
  return after === null ? ["update-ref", "-d", ref, before ?? ""] : ["update-ref", ref, nameOf(after), before ?? ""];
}

/**
 * Build the arguments of an atomic push. Each ref has a lease: the remote refuses if it is no longer where it was. Git
 * checks no lease of a ref that is already where it is pushed to; its report, one line for each ref, says which these are.
 */
function pushArguments(
  step: { readonly remote: string; readonly changes: readonly RefChange[] },
  nameOf: NameObject,
): readonly string[] {
  const leases = step.changes.map(({ ref, before }) => `--force-with-lease=${ref}:${before ?? ""}`);
  const refspecs = step.changes.map(({ ref, after }) => `${after === null ? "" : nameOf(after)}:${ref}`);
  return ["push", "--porcelain", "--atomic", "--no-follow-tags", ...leases, step.remote, ...refspecs];
}

function inTree(...args: readonly string[]): StepCall {
  return { where: "tree", program: "git", args };
}

function inRoot(...args: readonly string[]): StepCall {
  return { where: "root", program: "git", args };
}

function result(call: StepCall): StepCall {
  return { ...call, isResult: true };
}
