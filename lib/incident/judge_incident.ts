import { type IncidentProblem, type IncidentStage, type IncidentStep, incidentSteps } from "./incident_steps.ts";
import type { Incident } from "./timeline.ts";

/** State of a step: done, the next one, or later. */
export type StepState = "done" | "next" | "later";

/** A step of an incident, and whether it is done. */
export interface StepStatus extends IncidentStep {
  /** Whether it is done, the next one, or later. */
  readonly state: StepState;
  /** When the command ended that counts as the step, as ISO 8601 in UTC; `null` if none did. */
  readonly doneAt: string | null;
  /** Exit code of that command; `null` if none ran. */
  readonly exit: number | null;
}

/** Where an incident stands. */
export interface IncidentStatus {
  /** Its name, made from the time of its start. */
  readonly id: string;
  /** What it is about. */
  readonly problem: IncidentProblem;
  /** What it is about, in the words of the person who started it. */
  readonly text: string;
  /** The file of the timeline. */
  readonly path: string;
  /** Whether there is a timeline; there is none if the disk was full at the start, for example. */
  readonly isRecorded: boolean;
  /** When it was started, as ISO 8601 in UTC. */
  readonly startedAt: string;
  /** When it was closed, as ISO 8601 in UTC; `null` while it is open. */
  readonly closedAt: string | null;
  /** How long it lasted until it was closed, or has lasted until now. */
  readonly durationMs: number;
  /** All steps, in order. */
  readonly steps: readonly StepStatus[];
  /** The stage that takes longer than it should, with its limit; `null` if none does. */
  readonly overdue: { readonly stage: IncidentStage; readonly limitMs: number } | null;
  /** The next command; `null` when every step is done. */
  readonly next: string | null;
  /** Number of notes. */
  readonly notes: number;
  /** Lines of the timeline that could not be read. */
  readonly unreadable: number;
}

const MINUTE = 60_000;

/** How long after the start a stage should be over: within 5 minutes it is contained, within 30 minutes understood. */
const LIMITS: readonly (readonly [stage: IncidentStage, limitMs: number])[] = [
  ["contain", 5 * MINUTE],
  ["analyze", 30 * MINUTE],
];

/**
 * Judge where an incident stands: which steps are done, and which command is next. A step is done when one of its
 * commands has succeeded since the start; a command that only reads counts whatever it found.
 *
 * @param incident The incident; its first entry is its start
 * @param nowMs The time
 * @returns The status
 * @throws {TypeError} If the timeline does not begin with a start
 */
export function judgeIncident(incident: Incident, nowMs: number): IncidentStatus {
  const { id, path, entries, unreadable, recordError } = incident;
  const start = entries.find((entry) => entry.type === "start");
  if (start === undefined) throw new TypeError(`Cannot judge incident "${id}": its timeline has no start`);
  const close = entries.findLast((entry) => entry.type === "close");
  const endMs = close?.atMs ?? nowMs;
  const found = incidentSteps(start.problem).map((step) => ({ step, run: findRun(incident, step) }));
  const nextIndex = found.findIndex(({ run }) => run === undefined);
  const steps = found.map(({ step, run }, index): StepStatus => ({
    ...step,
    state: run !== undefined ? "done" : index === nextIndex ? "next" : "later",
    doneAt: run === undefined ? null : new Date(run.atMs).toISOString(),
    exit: run?.exit ?? null,
  }));
  const late = close === undefined
    ? LIMITS.find(([stage, limitMs]) =>
      endMs - start.atMs > limitMs && steps.some((step) => step.stage === stage && step.state !== "done")
    )
    : undefined;
  return {
    id,
    problem: start.problem,
    text: start.text,
    path,
    isRecorded: recordError === null,
    startedAt: new Date(start.atMs).toISOString(),
    closedAt: close === undefined ? null : new Date(close.atMs).toISOString(),
    durationMs: endMs - start.atMs,
    steps,
    overdue: late === undefined ? null : { stage: late[0], limitMs: late[1] },
    next: close === undefined ? steps[nextIndex]?.command ?? null : null,
    notes: entries.filter(({ type }) => type === "note").length,
    unreadable,
  };
}

/** Find the first command of the timeline that counts as the step, after the last one that the step takes back. */
function findRun({ entries }: Incident, { doneBy, takesBack, onlyLooks }: IncidentStep) {
  const exits = onlyLooks ? [0, 1, 3] : [0];
  const runs = entries.filter((entry) => entry.type === "command").filter(({ exit }) => exits.includes(exit));
  const undone = takesBack === undefined ? -1 : runs.findLastIndex(({ words }) => isRunOf(takesBack, words));
  return runs.slice(undone + 1).find(({ words }) => doneBy.some((text) => isRunOf(text, words)));
}

/** With one of these, a command only shows something, does a part of its work, or takes it back. */
const LIMITING_WORDS = ["--dry-run", "--list", "--only", "--catalog", "--release", "status", "undo"];

/** Whether a command has the words of a step, and none that makes it do less. */
function isRunOf(text: string, words: readonly string[]): boolean {
  const wanted = text.split(" ");
  const isLimited = LIMITING_WORDS.some((word) => words.includes(word) && !wanted.includes(word));
  return wanted.every((word) => words.includes(word)) && !isLimited;
}
