import { resolve } from "node:path";
import { KitError } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, renderCommandLine } from "../lib/cli/mod.ts";
import { findContinuable, findUndoable } from "../lib/git/mod.ts";
import { describeStep } from "./_branch/describe_step.ts";
import {
  continueRollback,
  findForward,
  installFolder,
  openRollbackStore,
  type PreparedRollback,
  prepareRollback,
  readRollback,
  readStanding,
  type RollbackFacts,
  runRollback,
  type RunRollbackOptions,
  settleRollback,
  undoRollback,
} from "../lib/installation/mod.ts";
import { stopRun } from "../lib/library/mod.ts";
import { chooseRequest, type ChosenRequest } from "./_installation/choose_request.ts";
import { findOtherRepository } from "./_installation/find_repository.ts";
import { readCandidates } from "./_installation/read_candidates.ts";
import { refuseUnusedFlags, type RollbackUse } from "./_installation/refuse_unused_flags.ts";
import { ROLLBACK_FLAGS, type RollbackFlags } from "./_installation/rollback_flags.ts";
import {
  renderCandidates,
  renderDone,
  renderPlan,
  renderStatus,
  renderUndone,
} from "./_installation/render_rollback.ts";
import type {
  DoneRollback,
  PlannedRollback,
  RollbackResult,
  RollbackStatus,
  UndoneResult,
} from "./_installation/rollback_result.ts";
import { checkLibrary } from "./_installation/rollback_library.ts";
import { tryDownload } from "./_installation/try_download.ts";
import { runScript } from "./_frame/run_script.ts";

type Context = CommandContext<RollbackFlags>;

/** The `rollback` command: goes back to an earlier version, verifies it, and puts everything back if that fails. */
export const command = defineCommand({
  name: "rollback",
  group: "Operation",
  permissions: "rollback",
  summary: "Go back to the last version that is known to be good, and verify it",
  description: [
    "Without TAG, goes back to the last stable version before the current one that has passed its production test. Your " +
    "checkout, branch, index and stash never change: it works with uncommitted changes, in the middle of a merge or " +
    "rebase, and without a network.",
    "install switches the installed version, and builds it from the tag if it is not installed. worktree checks the tag " +
    "out into a folder of its own, to run it from there.",
    "patches/emergency.patch of your checkout is applied if it exists, committed or not. Then the version, its " +
    "self-test and the library are verified. If anything fails, the state before comes back. status shows where the " +
    "last rollback stands, continue finishes one that was killed, and undo takes one back: the way forward again. " +
    "docs/rollback.md is the guide.",
  ].join("\n\n"),
  args: [{
    name: "TAG",
    summary: "The version to go back to; or one of status, continue, undo",
    suggestions: ["status", "continue", "undo"],
  }],
  flags: ROLLBACK_FLAGS,
  examples: [
    { command: "civitai-dl rollback", summary: "Back to the last good version" },
    { command: "civitai-dl rollback --list", summary: "Which versions are known to be good" },
    { command: "civitai-dl rollback v1.0.3 --library downloads", summary: "Make sure that it reads this library" },
    { command: "civitai-dl rollback undo", summary: "Forward again" },
  ],
  exits: {
    1: "It failed, and the state before is back",
    3: "No version is known to be good; name one",
    4: "Nothing was changed: the patch does not fit, the version cannot read the library, a rollback runs, or undo " +
      "would lose work",
    6: "The version must be built, but its packages are not in Deno's cache and there is no network",
    7: true,
  },
  async run(context): Promise<RollbackResult> {
    const { flags, args: [word], env } = context;
    const isGiven = (name: string): boolean => context.sourceOf(name) === "flag";
    const use = useOf(context);
    if (use !== null) refuseUnusedFlags(use, { flags, isGiven });
    const folder = installFolder({ prefix: flags.prefix, env });
    if (flags.list) return await readCandidates(folder, flags.repo);
    if (word === "status") return await readStatus(folder, flags.repo);
    if (word === "undo") return await undo(context, folder);
    if (word === "continue") return await goOn(context, folder);
    await settle(context, folder);
    const chosen = await chooseRequest({ word, flags, folder, isGiven });
    for (const note of chosen.notes) context.display.notice(note);
    return await perform(context, chosen);
  },
  render(result: RollbackResult, { width }) {
    switch (result.action) {
      case "candidates":
        return renderCandidates(result, width);
      case "plan":
        return renderPlan(result);
      case "status":
        return renderStatus(result);
      case "undone":
        return renderUndone(result);
      case "done":
        return renderDone(result);
    }
  },
});

/** What the command is used for, other than to roll back; `null` for that. */
function useOf({ flags, args: [word] }: Context): RollbackUse | null {
  if (!flags.list) return word === "status" || word === "continue" || word === "undo" ? word : null;
  if (word === undefined) return "list";
  throw new KitError("usage", `Cannot use --list with "${word}": it shows all versions`, {
    hint: `Leave "${word}" or --list out`,
  });
}

async function perform(
  context: Context,
  { request, installation, from }: ChosenRequest,
): Promise<DoneRollback | PlannedRollback> {
  const { flags, signal } = context;
  const prepared = await prepareRollback(request, { checkLibrary, installation, from, signal });
  const { mode, tag } = request;
  if (flags.dryRun) return { action: "plan", mode, tag, from, steps: prepared.plan.steps.map(describeStep) };
  return await finish(context, prepared, (options) => runRollback(prepared, options));
}

/** Run a rollback to its end, and say what came of it. */
async function finish(
  { display, signal }: Context,
  { facts, isInUse }: Pick<PreparedRollback, "facts" | "isInUse">,
  run: (options: RunRollbackOptions) => ReturnType<typeof runRollback>,
): Promise<DoneRollback> {
  const start = performance.now();
  const finished = await run({
    stopRun: (library, signal) => stopRun(library, { command: "rollback", signal }),
    tryDownload,
    signal,
    onStep: (step) => display.log(describeStep(step)),
    onKept: (text) => display.log(`But ${text}`),
  });
  const { mode, tag, from, folder, library, patchSha256 } = facts;
  return {
    action: "done",
    mode,
    tag,
    from,
    wasInUse: isInUse,
    forward: await findForward(facts, { isInUse }),
    previous: facts.mode === "install" ? facts.pointers.current : null,
    folder,
    isPatched: patchSha256 !== null,
    library,
    ...finished,
    durationMs: performance.now() - start,
  };
}

/** Put back what a killed rollback left, before another one begins, and say so. */
async function settle({ display, flags: { repo, dryRun } }: Context, folder: string): Promise<void> {
  const onWarning = (message: string): void => display.notice(`warning: ${message}`);
  const settled = await settleRollback(folder, { isDryRun: dryRun, onWarning });
  if (settled === null) return;
  const { facts: { repository, tag }, startedAt, outcomes } = settled;
  const other = await findOtherRepository(repository, repo);
  const place = other === null ? "" : ` in ${other.root}`;
  const what = `note: The rollback to ${tag}${place} of ${startedAt} was interrupted`;
  const all = outcomes.map(({ text }) => text).join("; ");
  if (dryRun) return display.notice(`${what}; first, it would be put back: ${all || "it has changed nothing"}`);
  const kept = outcomes.filter(({ isKept }) => isKept).map(({ text }) => text);
  const except = kept.length === 0 ? "" : `, but ${kept.join("; ")}`;
  display.notice(`${what}; what it did was put back first${except}`);
}

async function undo({ flags }: Context, folder: string): Promise<UndoneResult> {
  const start = performance.now();
  const rollback = readRollback(await findUndoable(await openRollbackStore(folder)), folder);
  const { tag, from } = rollback.facts;
  const elsewhere = await findPlace("undo", rollback.facts, flags.repo);
  const { outcomes, earlier } = await undoRollback(rollback, { conflicts: "refuse", isDryRun: flags.dryRun });
  return {
    action: "undone",
    tag,
    from,
    elsewhere,
    earlier: earlier?.facts.tag ?? null,
    isDryRun: flags.dryRun,
    outcomes,
    durationMs: performance.now() - start,
  };
}

/**
 * Top folder of the repository of a rollback, if it is not the one here. There is one record for all repositories of a
 * user, and who works in one of them does not think of the other's working trees.
 */
async function findPlace(
  verb: "undo" | "continue",
  { tag, mode, repository }: RollbackFacts,
  named: string | undefined,
): Promise<string | null> {
  const other = await findOtherRepository(repository, named);
  if (other === null) return null;
  if (!other.isInAnother || mode === "install") return other.root;
  throw new KitError("unsafe", `Cannot ${verb} from here: the rollback to ${tag} is in repository "${other.root}"`, {
    hint: `If you mean that one: ${renderCommandLine(["civitai-dl", "rollback", verb, "--repo", other.root])}`,
  });
}

/** Finish a rollback that was killed, or say which of its steps remain. */
async function goOn(context: Context, folder: string): Promise<DoneRollback | PlannedRollback> {
  const rollback = readRollback(await findContinuable(await openRollbackStore(folder)), folder);
  const { facts } = rollback;
  await findPlace("continue", facts, context.flags.repo);
  if (context.flags.dryRun) {
    const { steps, at } = rollback.operation;
    return {
      action: "plan",
      mode: facts.mode,
      tag: facts.tag,
      from: facts.from,
      steps: steps.slice(at).map(describeStep),
    };
  }
  // A stopped rollback is put back, so that there is nothing left to continue.
  context.setStopHint(`Go back again with: ${renderCommandLine(wordsOf(facts))}`);
  return await finish(context, { facts, isInUse: false }, (options) => continueRollback(rollback, options));
}

/** The command that asks for a rollback, without the flags that all commands of a place repeat. */
function wordsOf(facts: RollbackFacts): readonly string[] {
  const { mode, tag, library, stopsRun } = facts;
  return [
    ...["civitai-dl", "rollback", tag, "--mode", mode],
    ...facts.mode === "worktree" ? ["--folder", facts.tree] : [],
    ...library === null ? [] : ["--library", library],
    ...stopsRun ? ["--stop-run"] : [],
  ];
}

async function readStatus(folder: string, repo: string | undefined): Promise<RollbackStatus> {
  const { current, last, damaged, isRunning } = await readStanding(folder);
  const other = last === null ? null : await findOtherRepository(last.facts.repository, repo);
  return {
    action: "status",
    folder: resolve(folder),
    current,
    last,
    damaged,
    elsewhere: other?.root ?? null,
    isRunning,
  };
}

if (import.meta.main) await runScript(command);
