import { resolve } from "node:path";
import { KitError } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, renderCommandLine } from "../lib/cli/mod.ts";
import {
  holdRollback,
  inspectRollbackJournal,
  installFolder,
  isSuspended,
  planUndo,
  type PreparedRollback,
  prepareRollback,
  readInstallation,
  readRollbackJournal,
  revertBranch,
  type RollbackJournal,
  type RollbackRequest,
  runRollback,
  type RunRollbackOptions,
  undoRollback,
} from "../lib/release/mod.ts";
import { chooseRequest } from "./_release/choose_request.ts";
import { findOtherRepository } from "./_release/find_repository.ts";
import { planSteps } from "./_release/plan_steps.ts";
import { readCandidates } from "./_release/read_candidates.ts";
import { refuseUnusedFlags, type RollbackUse } from "./_release/refuse_unused_flags.ts";
import { ROLLBACK_FLAGS, type RollbackFlags } from "./_release/rollback_flags.ts";
import { renderCandidates, renderDone, renderPlan, renderStatus, renderUndone } from "./_release/render_rollback.ts";
import type {
  DoneRollback,
  PlannedRollback,
  RollbackResult,
  RollbackStatus,
  UndoneRollback,
} from "./_release/rollback_result.ts";
import { rollbackLibrary } from "./_release/rollback_library.ts";
import { readRollbackStrategy } from "./_release/rollback_strategy.ts";
import { settleRollback } from "./_release/settle_rollback.ts";
import { tryDownload } from "./_release/try_download.ts";
import { runScript } from "./_frame/run_script.ts";

type Context = CommandContext<RollbackFlags>;

/** The `rollback` command: goes back to an earlier version, verifies it, and puts everything back if that fails. */
export const command = defineCommand({
  name: "rollback",
  group: "Maintenance",
  summary: "Go back to the last version that is known to be good, and verify it",
  description: [
    "Without TAG, goes back to the last stable version before the current one that has passed its production test. Your " +
    "checkout, branch, index and stash never change: it works with uncommitted changes, in the middle of a merge or " +
    "rebase, and without a network.",
    "install switches the installed version, and builds it from the tag if it is not installed. worktree checks the tag " +
    "out into a folder of its own, to run it from there. revert makes the branch hotfix/rollback-TAG with one revert for " +
    "each commit of main since the tag, to be reviewed and merged.",
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
  },
  async run(context): Promise<RollbackResult> {
    const { flags, args: [word], env } = context;
    const isGiven = (name: string): boolean => context.sourceOf(name) === "flag";
    const use = useOf(context);
    if (use !== null) refuseUnusedFlags(use, { flags, isGiven });
    const folder = installFolder({ prefix: flags.prefix, env });
    if (flags.list) return await readCandidates(folder, flags.repo);
    if (word === "status") return await readStatus(folder, flags.repo);
    using _hold = await holdRollback(folder, "rollback");
    if (word === "undo") return await undo(context, await requireRecord(word, folder));
    if (word === "continue") return await goOn(context, await requireRecord(word, folder));
    const journal = flags.dryRun ? (await inspectRollbackJournal(folder)).journal : await readJournal(context, folder);
    if (isSuspended(journal)) await settle(context, journal);
    const { request, from, notes } = await chooseRequest({ word, flags, folder, isGiven });
    for (const note of notes) context.display.notice(note);
    return await perform(context, request, from);
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

/** Read the record of the last rollback. A damaged one is moved aside, so that it does not stop the next. */
async function readJournal({ display }: Context, folder: string): Promise<RollbackJournal | null> {
  const { journal, setAside } = await readRollbackJournal(folder);
  if (setAside !== null) {
    display.notice(`warning: The record of the last rollback was damaged; it is now ${setAside}`);
  }
  return journal;
}

/** Read the record for a command that does nothing without it. */
async function requireRecord(verb: "undo" | "continue", folder: string): Promise<RollbackJournal | null> {
  const { journal, damaged } = await inspectRollbackJournal(folder);
  if (damaged.length === 0) return journal;
  throw new KitError("unsafe", `Cannot ${verb}: the record of the last rollback is damaged: ${damaged.join(", ")}`, {
    hint: "civitai-dl rollback status says which version is in use",
  });
}

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
  request: RollbackRequest,
  from: string,
): Promise<DoneRollback | PlannedRollback> {
  const start = performance.now();
  const { flags, display, signal } = context;
  const options: RunRollbackOptions = {
    library: rollbackLibrary,
    tryDownload,
    from,
    signal,
    onStep: (text) => display.log(text),
  };
  const prepared: PreparedRollback = await prepareRollback(request, options);
  const { mode, tag } = request;
  if (flags.dryRun) return { action: "plan", mode, tag, from, steps: planSteps(prepared) };
  const { current: previous } = await readInstallation(request.folder);
  // Once the record says that it is done, nothing is left that could fail.
  const isOfStable = await isOfMain(request);
  const finished = await runRollback(prepared, options);
  return {
    action: "done",
    mode,
    tag,
    from,
    wasInUse: prepared.isInUse,
    forward: await findForward(prepared, from),
    previous,
    branch: request.branch,
    isOfMain: isOfStable,
    folder: request.folder,
    isPatched: prepared.patch !== null,
    library: request.library,
    ...finished,
    durationMs: performance.now() - start,
  };
}

/** What `rollback undo` leads to now. The last record may be of an earlier rollback, if this one changed nothing. */
async function findForward({ request, isInUse }: PreparedRollback, from: string): Promise<string | null> {
  const { journal } = await readRollbackJournal(request.folder);
  if (journal === null || journal.state !== "done") return null;
  const isOfThis = journal.request.mode === request.mode && journal.request.tag === request.tag;
  return isOfThis && !(isInUse && journal.from === from) ? journal.from : null;
}

/** Whether a rollback is of the stable branch. */
async function isOfMain({ repository, branch }: RollbackRequest): Promise<boolean> {
  if (repository === null || branch === null) return false;
  return branch === (await readRollbackStrategy(repository)).strategy.main;
}

/** Put back what a killed rollback left, before another one begins. */
async function settle({ display, flags }: Context, journal: RollbackJournal): Promise<void> {
  display.notice(`note: ${await settleRollback(journal, flags)}`);
}

async function undo({ flags }: Context, journal: RollbackJournal | null): Promise<UndoneRollback> {
  const start = performance.now();
  if (journal === null || journal.state === "restored") {
    throw new KitError("usage", "Cannot undo: there is no rollback to take back", {
      hint: "See civitai-dl rollback status",
    });
  }
  const { request, from, earlier } = journal;
  const elsewhere = await findPlace("undo", request, flags.repo);
  const facts = {
    action: "undone",
    tag: request.tag,
    from,
    elsewhere,
    earlier: earlier?.request.tag ?? null,
  } as const;
  const options = { conflicts: "refuse" } as const;
  if (flags.dryRun) {
    const restored = (await planUndo(journal, options)).map(({ text }) => text);
    return { ...facts, isDryRun: true, restored, kept: [], durationMs: performance.now() - start };
  }
  const undone = await undoRollback(journal, { ...options, reason: "undo" });
  return { ...facts, isDryRun: false, ...undone, durationMs: performance.now() - start };
}

/**
 * Top folder of the repository of a rollback, if it is not the one here. There is one record for all repositories of a
 * user, and who works in one of them does not think of the other's branches.
 */
async function findPlace(
  verb: "undo" | "continue",
  { tag, mode, repository }: RollbackRequest,
  named: string | undefined,
): Promise<string | null> {
  const other = await findOtherRepository(repository, named);
  if (other === null) return null;
  if (!other.isInAnother || mode === "install") return other.root;
  throw new KitError("unsafe", `Cannot ${verb} from here: the rollback to ${tag} is in repository "${other.root}"`, {
    hint: `If you mean that one: ${renderCommandLine(["civitai-dl", "rollback", verb, "--repo", other.root])}`,
  });
}

/** Finish a rollback that was killed: put back what it did, and do the same again. */
async function goOn(context: Context, journal: RollbackJournal | null): Promise<DoneRollback | PlannedRollback> {
  if (!isSuspended(journal)) {
    throw new KitError("usage", "Cannot continue: no rollback was interrupted", {
      hint: "See civitai-dl rollback status",
    });
  }
  await findPlace("continue", journal.request, context.flags.repo);
  await settle(context, journal);
  // A stopped rollback is put back, so that there is nothing left to continue.
  context.setStopHint(`Go back again with: ${renderCommandLine(wordsOf(journal.request))}`);
  return await perform(context, journal.request, journal.from);
}

/** The command that asks for a rollback, without the flags that all commands of a place repeat. */
function wordsOf({ mode, tag, tree, branch, library, stopsRun }: RollbackRequest): readonly string[] {
  return [
    ...["civitai-dl", "rollback", tag, "--mode", mode],
    ...tree === null ? [] : ["--folder", tree],
    ...branch === null ? [] : ["--branch", branch],
    ...library === null ? [] : ["--library", library],
    ...stopsRun ? ["--stop-run"] : [],
  ];
}

async function readStatus(folder: string, repo: string | undefined): Promise<RollbackStatus> {
  const { journal, damaged } = await inspectRollbackJournal(folder);
  const other = journal === null ? null : await findOtherRepository(journal.request.repository, repo);
  return {
    action: "status",
    folder: resolve(folder),
    current: (await readInstallation(folder)).current,
    journal,
    place: journal === null ? null : placeOf(journal.request),
    isOfMain: journal !== null && await isOfMain(journal.request),
    damaged,
    isSuspended: isSuspended(journal),
    elsewhere: other?.root ?? null,
    isRunning: isSuspended(journal) && await isHeld(folder),
  };
}

/** The working tree or branch that a rollback makes. */
function placeOf({ mode, tree, tag }: RollbackRequest): string | null {
  return mode === "revert" ? revertBranch(tag) : tree;
}

async function isHeld(folder: string): Promise<boolean> {
  try {
    using _hold = await holdRollback(folder, "rollback status");
    return false;
  } catch (error) {
    if (error instanceof KitError && error.code === "unsafe") return true;
    throw error;
  }
}

if (import.meta.main) await runScript(command);
