import { formatDuration, shell } from "../../lib/base/mod.ts";
import { type Column, renderTable } from "../../lib/cli/mod.ts";
import { INTERRUPTED } from "../../lib/git/mod.ts";
import {
  describeProduction,
  NO_VERSION_TAGS,
  placeOf,
  type RecordedRollback,
  type RollbackCandidate,
} from "../../lib/installation/mod.ts";
import type { DoneRollback, PlannedRollback, RollbackPlace, RollbackStatus, UndoneResult } from "./rollback_result.ts";
import type { CandidateList } from "./read_candidates.ts";

/** Render the versions to go back to; the default target is marked. */
export function renderCandidates(list: CandidateList, width: number): string {
  const { current, target, candidates, notes } = list;
  if (candidates.length === 0) return `${NO_VERSION_TAGS}\n`;
  const columns: readonly Column<RollbackCandidate>[] = [
    { title: "TAG", value: (one) => one.tag },
    { title: "DATE", value: (one) => one.date.slice(0, 10) },
    { title: "PRODUCTION TEST", value: (one) => describeProduction(one.production) },
    { title: "INSTALLED", value: (one) => one.isInstalled ? "yes" : "no" },
    { title: "", value: (one) => one.tag === target ? "<- rollback goes here" : "" },
  ];
  const ends = notes.map((note) => `${note}\n`).join("");
  return `${renderTable(candidates, columns, { width })}In use: ${current}\n${describeTarget(list)}${ends}`;
}

function describeTarget({ current, target, nearest }: CandidateList): string {
  if (target !== null) return shell`civitai-dl rollback goes back to ${target}\n`;
  if (nearest === null) return `There is no stable version before ${current}\n`;
  return "No stable version before it has passed its production test; name the one to go back to: " +
    shell`civitai-dl rollback ${nearest}\n`;
}

/** Render what would be done. */
export function renderPlan({ mode, tag, from, steps }: PlannedRollback): string {
  const lines = steps.map((text, index) => `${index + 1}. ${text}\n`);
  return `From ${from} to ${tag} (${mode}), nothing is changed:\n${lines.join("")}`;
}

/** Render a finished rollback, and how to go on. */
export function renderDone(result: DoneRollback): string {
  const { mode, forward, checks, durationMs } = result;
  const width = Math.max(...checks.map(({ name }) => name.length));
  return [
    `${describeResult(result)}, in ${formatDuration(durationMs)}:`,
    ...checks.map(({ name, detail }) => `  ${name.padEnd(width)}  ${detail}`),
    ...mode === "install" ? describeUse(result) : [describePlace(result)],
    ...describeReturn(result, forward),
  ].map((line) => `${line}\n`).join("");
}

/** Say what was done: only `install` changes what people use. */
function describeResult({ mode, tag, isPatched, wasInUse }: DoneRollback): string {
  const version = isPatched ? `${tag} with the emergency patch` : tag;
  if (wasInUse) return `Verified ${version}, which was in use already`;
  switch (mode) {
    case "install":
      return `Now at ${version}`;
    case "worktree":
      return `${version} is checked out and verified`;
  }
}

function describeUse({ folder, previous, wasInUse }: DoneRollback): readonly string[] {
  return [
    `In use now: ${folder}/bin/civitai-dl${previous === null || wasInUse ? "" : `; ${previous} stays installed`}`,
    ...wasInUse ? [] : ["Programs that run keep their version until they end"],
  ];
}

/** Say how to run the version from a working tree. */
function describePlace({ place }: Pick<RollbackPlace, "place">): string {
  return shell`Run it with: deno task --config ${`${place}/deno.json`} download`;
}

/** Say how to go forward again. */
function describeReturn({ mode, place }: RollbackPlace, forward: string | null): readonly string[] {
  if (forward !== null) {
    return [`To ${mode === "worktree" ? "remove it and " : ""}return to ${forward}: civitai-dl rollback undo`];
  }
  // Git refuses to remove a patched tree otherwise, and never asks about ignored files, such as downloads.
  const remove = shell`To remove it, with all files in it: git worktree remove --force ${place}`;
  return mode === "worktree" ? [remove] : [];
}

/** Render where the last rollback stands, and the next command. */
export function renderStatus(status: RollbackStatus): string {
  const { last, isRunning, folder, damaged, elsewhere } = status;
  const choose = "What there is to go back to: civitai-dl rollback --list\n";
  if (damaged !== null) return `${describeDamage(damaged, status)}${choose}`;
  if (last === null) return `There was no rollback (${folder}), so nothing waits. ${choose}`;
  const { operation: { startedAt, state, reason, steps, at }, facts: { tag, mode, from } } = last;
  const place = elsewhere === null ? "" : ` in another repository, ${elsewhere}`;
  const head = `Rollback from ${from} to ${tag} (${mode})${place}, begun ${startedAt}`;
  const begun = steps.slice(0, state === "running" ? at + 1 : at);
  const list = begun.map(({ id }, index) => `  ${index < at ? "done  " : "begun "}  ${id}\n`).join("");
  if (isRunning) return `${head}: running now\n${list}`;
  const there = elsewhere === null ? "" : shell`There: cd ${elsewhere}\n`;
  switch (state) {
    case "done":
      return `${head}: done\n${list}${there}${describeEnd(last)}`;
    case "undone": {
      const why = reason === null || reason === INTERRUPTED ? "" : ` (${reason})`;
      return `${head}: taken back${why}\n${list}Nothing waits. ${choose}`;
    }
    case "running":
    case "suspended":
      return `${head}: was interrupted\n${list}${there}Finish it:    civitai-dl rollback continue\n` +
        "Take it back: civitai-dl rollback undo\n";
    case "undoing":
      return `${head}: was interrupted while it was being taken back\n${list}${there}` +
        "Finish that: civitai-dl rollback undo\n";
  }
}

/** Say what a finished rollback left, and how to go on. */
function describeEnd({ operation, facts }: RecordedRollback): string {
  const { mode, tag, from } = facts;
  const place = placeOf(facts);
  const made = mode === "install" ? [] : [describePlace({ place })];
  const wasInUse = mode === "install" && !operation.steps.some(({ id }) => id === "switch");
  const back = wasInUse ? [`${tag} was in use before it`] : describeReturn({ mode, place }, from);
  return [...made, ...back].map((line) => `${line}\n`).join("");
}

/** Say what is not known, and how to find out whether the version in use works. */
function describeDamage(damaged: string, { current }: RollbackStatus): string {
  const version = current?.replace(/\+.*/, "");
  return [
    `The record of the last rollback is damaged: ${damaged}`,
    "It is not known whether it ended, and undo cannot take back what it changed",
    ...current === null
      ? ["No installed version is in use"]
      : [`In use: ${current}, perhaps not verified. ${shell`Verify it: civitai-dl rollback v${version!}`}`],
  ].map((line) => `${line}\n`).join("");
}

/** Render a rollback that was or would be taken back. */
export function renderUndone(undone: UndoneResult): string {
  const { tag, from, elsewhere, outcomes, earlier, durationMs, isDryRun } = undone;
  const what = `rollback to ${tag}${elsewhere === null ? "" : ` in ${elsewhere}`}`;
  const undo = "civitai-dl rollback undo";
  return [
    isDryRun
      ? `Would take back the ${what}; before it, ${from} was in use. Nothing is changed; afterwards:`
      : `The ${what} is taken back, in ${formatDuration(durationMs)}; before it, ${from} was in use`,
    ...outcomes.map(({ text }) => `  ${text}`),
    ...earlier === null ? [] : [`The change to ${earlier} before it stands; to take that back too: ${undo}`],
  ].map((line) => `${line}\n`).join("");
}
