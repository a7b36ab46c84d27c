import type { Format } from "./format.ts";
import type { StatusWords } from "./english.ts";
import type { Finding, FindingKind, FindingOf } from "./headline.ts";
import { spellCommands } from "./spell_commands.ts";
import type { StatusDocument, StatusRun } from "./status_document.ts";
import type { Said, Sayings } from "./sayings.ts";

/** A status, and how to say it. */
export interface StatusView {
  readonly status: StatusDocument;
  readonly words: StatusWords;
  readonly format: Format;
  /** Milliseconds since the epoch, by the clock of the monitor. */
  readonly now: number;
}

/** Whether a finding gets its own line. Alerts do not, because their card is directly below. */
export function hasOwnLine({ kind, tone }: Pick<Finding, "kind" | "tone">): boolean {
  return kind !== "alert" && (tone === "bad" || tone === "warn");
}

/** The text of a finding, and its remedy, which is `""` if there is none. */
export function sayFinding<Kind extends FindingKind>(finding: FindingOf<Kind>, view: StatusView): Said {
  const { text, todo } = view.words.findings[finding.kind](finding, sayingsOf(view));
  const { commands } = view.status;
  return { text: spellCommands(text, commands), todo: spellCommands(todo, commands) };
}

/** The functions that messages use to format numbers and times, and to name problems. */
export function sayingsOf({ status, words, format, now }: StatusView): Sayings {
  const problem = (name: string | null) => words.problem(status, name);
  return {
    format,
    count: (value) => format.number(value ?? 0),
    left: (until) => format.duration(until - now),
    time: (iso) => format.time(iso, now),
    span: (from, until) => format.duration(Date.parse(until) - Date.parse(from)),
    problem,
    remedy: (name, english) => problem(name)?.remedy ?? english,
    failure: (name) => problem(name)?.title ?? name,
  };
}

/** Mode, files, bytes and time left in words; if no downloader runs, how the last run ended. */
export function runWords(view: StatusView): string {
  const { status, words, format } = view;
  const { run, mode, throughput, processes, lastRun } = status;
  const facts = [words.modeIs(mode.name)];
  if (processes === 0) facts.push(words.lastRun(lastRun, sayingsOf(view)));
  if (run !== null && run.activity === "fetching") {
    facts.push(words.filesOf(format.number(run.doneFiles), format.number(run.files)));
    if (run.bytes > 0) facts.push(words.ofTotal(format.bytes(run.doneBytes), format.bytes(run.bytes)));
    if (run.failedFiles > 0) facts.push(words.failedSoFar(run.failedFiles, format.number(run.failedFiles)));
    if (processes > 0) facts.push(format.speed(throughput.bytesPerSecond));
    if (run.leftMs !== null) facts.push(words.left(format.duration(run.leftMs)));
  }
  return facts.join(" · ");
}

/**
 * The progress by bytes if they are known, otherwise by files: a plan may consist only of files without a stated size.
 */
export function shareOf({ bytes, doneBytes, files, doneFiles }: StatusRun): number {
  if (bytes > 0) return doneBytes / bytes;
  return files > 0 ? doneFiles / files : 0;
}
