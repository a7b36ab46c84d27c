import { exists } from "@std/fs";
import { join } from "node:path";
import { KitError, shell } from "../../lib/base/mod.ts";
import { type CommandContext, type Flag, type FlagsOf, renderCommandLine } from "../../lib/cli/mod.ts";
import {
  continueOperation,
  listBranchNames,
  openRepository,
  type Operation,
  type OperationOptions,
  OperationStore,
  parseRef,
  previewContinue,
  previewUndo,
  readRepositoryFacts,
  renderScript,
  type Repository,
  type RepositoryFacts,
  requireNoOperation,
  runOperation,
  undoOperation,
} from "../../lib/git/mod.ts";
import {
  branchOfKind,
  type BranchPlan,
  findPhase,
  listPushedReleases,
  matchBranch,
  parseBranchName,
  parseReleaseNumber,
  phaseBranch,
  planFinish,
  planStart,
  readStrategyStatus,
  type Strategy,
  type StrategyBranch,
  type StrategyStatus,
} from "../../lib/release/mod.ts";
import { IN_REPOSITORY } from "../_frame/command_index.ts";
import { readRecordedReason } from "../_frame/recorded_reason.ts";
import { readBranchStrategy } from "./branch_strategy.ts";
import { describeStep } from "./describe_step.ts";
import { describeUndo, describeUndone, type DescribeUndoOptions } from "./describe_undo.ts";
import { startGate } from "./start_gate.ts";

/** Flags of the `branch` command. */
export const BRANCH_FLAGS = [
  {
    name: "dry-run",
    setting: "none",
    type: "boolean",
    summary: "Print the git commands, and change nothing",
  },
  { name: "switch", type: "boolean", summary: "Also switch your working tree to the new branch" },
  {
    name: "override",
    // A setting in a file must not skip the gate each time.
    setting: "none",
    type: "string",
    summary: "Finish without asking the gate; the reason is recorded in the merges",
    placeholder: "REASON",
  },
  {
    name: "offline",
    setting: "none",
    type: "boolean",
    summary: "Use the last fetch; only with status and --dry-run",
  },
  { name: "remote", type: "string", summary: "Remote to use instead of the strategy's", placeholder: "NAME" },
  {
    name: "repo",
    type: "path",
    summary: "A folder in the repository",
    placeholder: "FOLDER",
    default: ".",
    carriedTo: IN_REPOSITORY,
  },
] as const satisfies readonly Flag[];

/** Values of the flags. */
export type BranchFlags = FlagsOf<typeof BRANCH_FLAGS>;

/** What a command of branches works with. */
export interface BranchContext {
  readonly context: CommandContext<BranchFlags>;
  readonly repository: Repository;
  readonly strategy: Strategy;
}

/** A branch that a merge has changed. */
export interface MergedBranch {
  readonly name: string;
  /** Full hash of the merge. */
  readonly sha: string;
}

/** An operation that was completed, or would be. */
export interface BranchChange {
  /** What was asked for, such as `start`. */
  readonly action: "run" | "dry-run" | "continue" | "undo";
  /** The command, without the program's name. */
  readonly command: string;
  /** What it does, as a sentence without a period. */
  readonly summary: string;
  /** What a person should know besides. */
  readonly notes: readonly string[];
  /** The git commands of a dry run, as a shell script; `null` otherwise. */
  readonly script: string | null;
  /** Results of the steps, by id: full hashes. */
  readonly results: Readonly<Record<string, string>>;
  /** The branches into which it has merged. */
  readonly merged: readonly MergedBranch[];
  /** How it can be taken back, or that it cannot; `null` if nothing was changed, or if it was taken back. */
  readonly undo: string | null;
}

/** Open the repository and its strategy. */
export async function openBranchContext(context: CommandContext<BranchFlags>): Promise<BranchContext> {
  const repository = await openRepository(context.flags.repo);
  const strategy = await readBranchStrategy(repository.root, (note) => context.display.notice(note));
  const { remote = strategy.remote } = context.flags;
  return { context, repository, strategy: { ...strategy, remote } };
}

/** Start, finish or otherwise change branches, or print the commands that would. */
export async function changeBranches(branches: BranchContext): Promise<BranchChange> {
  const { context, repository } = branches;
  const { dryRun } = context.flags;
  if (!dryRun) await requireNoOperation(repository);
  const facts = await readFacts(branches);
  const plan = await makePlan(branches, facts);
  return await performPlan(repository, plan, context);
}

/** What {@linkcode performPlan} works with. */
export interface PerformContext extends Pick<CommandContext, "display" | "signal" | "setStopHint"> {
  readonly flags: Pick<BranchFlags, "dryRun">;
}

/** Run a plan, or print its commands. If it does not come to its end, what a person should know is told all the same. */
export async function performPlan(
  repository: Repository,
  plan: BranchPlan,
  context: PerformContext,
  until?: DescribeUndoOptions,
): Promise<BranchChange> {
  const { command, summary, warnings = [] } = plan;
  const common = { command, summary, notes: [...warnings, ...plan.notes] };
  if (context.flags.dryRun) {
    return { ...common, action: "dry-run", script: renderScript(plan), results: {}, merged: [], undo: null };
  }
  try {
    const operation = await runOperation(repository, plan, operationOptions(context));
    const undo = describeUndo(operation, until);
    const { results } = operation;
    return { ...common, action: "run", script: null, results, merged: listMerged(operation), undo };
  } catch (error) {
    for (const warning of warnings) context.display.notice(warning);
    throw error;
  }
}

function readFacts({ context, repository, strategy }: BranchContext): Promise<RepositoryFacts> {
  const { flags, signal } = context;
  return readRepositoryFacts(repository, { remote: strategy.remote, isOffline: flags.offline, signal });
}

/** How operations run checks and report progress, and how to go on with one that is stopped. */
function operationOptions(
  { display, signal, setStopHint }: Pick<CommandContext, "display" | "signal" | "setStopHint">,
): OperationOptions {
  return {
    signal,
    runCheck: (step, folder) => startGate(step, folder, { display, signal }),
    onStep: (step) => {
      // From the first step on, the journal has the operation.
      setStopHint("Complete it with civitai-dl branch continue, or take it back with civitai-dl branch undo");
      display.detail(describeStep(step));
    },
  };
}

/** Plan what the words of the command line ask for. */
async function makePlan({ context, repository, strategy }: BranchContext, facts: RepositoryFacts): Promise<BranchPlan> {
  const [action, word] = context.args;
  const { flags } = context;
  const command = renderCommandLine(["branch", action!, ...word === undefined ? [] : [word]]);
  const reports = await findReports(repository.root);
  const finish = (branch: StrategyBranch) =>
    planFinish(strategy, branch, {
      command,
      facts,
      reports,
      override: readOverride(context),
    });
  const start = (branch: StrategyBranch) => planStart(strategy, branch, { command, facts, switches: flags.switch });
  switch (action) {
    case "create-phase":
      return await start(phaseBranch(strategy, findPhase(strategy, need(word, action, "1"))));
    case "start":
      return await start(parseBranchName(strategy, need(word, action, "feature/monitoring")));
    case "start-hotfix":
      return await start(hotfixOf(strategy, need(word, action, "security")));
    case "start-release": {
      const version = parseReleaseNumber(need(word, action, "1.1"));
      return await start(branchOfKind(strategy, "release", { version }));
    }
    case "finish-phase":
      return await finish(phaseBranch(strategy, findPhase(strategy, need(word, action, "1"))));
    case "finish-hotfix":
      return await finish(findHotfix(strategy, facts, word));
    default:
      return await finish(
        parseBranchName(
          strategy,
          need(word, action!, "feature/monitoring"),
          listBranchNames(facts.local, facts.remote),
        ),
      );
  }
}

/** The folder of reports in a checkout, which the gate reads; `null` if nothing was reported there yet. */
export async function findReports(root: string): Promise<string | null> {
  const folder = join(root, "reports");
  return await exists(folder) ? folder : null;
}

function need(word: string | undefined, action: string, example: string): string {
  if (word !== undefined) return word;
  throw new KitError("usage", `Cannot run branch ${action}: it needs a name`, {
    hint: shell`For example: civitai-dl branch ${action} ${example}`,
  });
}

/** Check the reason of an override; `null` if there is none. */
export function readOverride(
  { flags }: Pick<CommandContext<{ readonly override: string | undefined }>, "flags">,
): string | null {
  return readRecordedReason("override", flags.override, "the storage host is down, incident 12") ?? null;
}

/** Return the hotfix that a word names: with the kind, such as `hotfix/security`, or without it. */
function hotfixOf(strategy: Strategy, word: string): StrategyBranch {
  const named = matchBranch(strategy, word);
  return named?.rule.kind === "hotfix" ? named : branchOfKind(strategy, "hotfix", { name: word });
}

/** Find the hotfix to finish: the one named, the one checked out, or the only one. */
function findHotfix(strategy: Strategy, facts: RepositoryFacts, word: string | undefined): StrategyBranch {
  if (word !== undefined) return hotfixOf(strategy, word);
  const current = facts.checkout.branch === null ? null : matchBranch(strategy, facts.checkout.branch);
  if (current?.rule.kind === "hotfix") return current;
  const branches = listBranchNames(facts.local, facts.remote).map((name) => matchBranch(strategy, name));
  const hotfixes = branches.filter((branch) => branch?.rule.kind === "hotfix");
  if (hotfixes.length === 1) return hotfixes[0]!;
  const known = hotfixes.map((branch) => branch!.name).join(", ");
  throw new KitError("usage", "Cannot tell which hotfix to finish: none is checked out", {
    hint: known === "" ? "There is none: civitai-dl branch start-hotfix NAME" : `Name one of ${known}`,
  });
}

/** Continue or undo an operation, or print the commands that would. */
export async function resumeBranches(branches: BranchContext): Promise<BranchChange> {
  const { context, repository, strategy } = branches;
  const isUndo = context.args[0] === "undo";
  if (context.flags.dryRun) return isUndo ? await previewUndone(branches) : await previewContinued(repository);
  const options = operationOptions(context);
  const operation = isUndo ? await undoOperation(repository, options) : await continueOperation(repository, options);
  const { command, summary, results } = operation;
  const notes = isUndo
    ? [
      ...await describeUndone(repository, operation),
      ...describePublishing(operation, strategy),
    ]
    : operation.warnings;
  const undo = isUndo ? null : describeUndo(operation);
  const merged = isUndo ? [] : listMerged(operation);
  return { action: isUndo ? "undo" : "continue", command, summary, notes, script: null, results, merged, undo };
}

/** The branches that an operation has pushed after it merged into them. */
function listMerged({ steps, results }: Pick<Operation, "steps" | "results">): readonly MergedBranch[] {
  const merges = new Set(steps.filter(({ type }) => type === "merge").map(({ id }) => id));
  const changes = steps.flatMap((step) => step.type === "push" ? step.changes : []);
  return changes.flatMap(({ ref, after }): readonly MergedBranch[] => {
    const id = after !== null && "step" in after && merges.has(after.step) ? after.step : null;
    const sha = id === null ? undefined : results[id];
    return sha === undefined ? [] : [{ name: parseRef(ref).name, sha }];
  });
}

async function previewContinued(repository: Repository): Promise<BranchChange> {
  const { operation, script } = await previewContinue(repository);
  const summary = `Completes "${operation.command}": ${operation.summary}`;
  const notes = operation.state === "suspended"
    ? operation.warnings
    : [...operation.warnings, "What a killed process has made of the first step is not made again"];
  return { action: "dry-run", command: "branch continue", summary, notes, script, results: {}, merged: [], undo: null };
}

async function previewUndone({ context, repository, strategy }: BranchContext): Promise<BranchChange> {
  const { operation, script } = await previewUndo(repository, { isOffline: context.flags.offline });
  const notes = [...await describeUndone(repository, operation), ...describePublishing(operation, strategy)];
  const summary = `Takes "${operation.command}" back`;
  return { action: "dry-run", command: "branch undo", summary, notes, script, results: {}, merged: [], undo: null };
}

/** Say which versions may have begun to be published by the tags that are taken back now. */
function describePublishing(operation: Operation, { tagForms }: Strategy): readonly string[] {
  return listPushedReleases(operation, tagForms).map(({ tag, remote, isCertain }) =>
    `${tag} ${isCertain ? "was" : "may have been"} on ${remote}, so a workflow there may have begun to publish it: ` +
    "stop its run. If a place has the version already, it keeps it, and the next release needs another number"
  );
}

/** Where phases and branches stand. */
export interface BranchOverview extends StrategyStatus {
  /** Path of the damaged file of an operation later than all that can be read; `null` if there is none. */
  readonly damaged: string | null;
}

/** Read where phases and branches stand. */
export async function readBranches(branches: BranchContext): Promise<BranchOverview> {
  const facts = await readFacts(branches);
  const store = new OperationStore(branches.repository);
  // The process first: an operation that ends in between is then no longer there, instead of appearing interrupted.
  const runner = await store.findRunner();
  const operation = await store.readCurrent();
  const { offline } = branches.context.flags;
  const status = await readStrategyStatus(branches.strategy, { facts, operation, runner, isOffline: offline });
  return { ...status, damaged: await store.findDamaged() };
}
