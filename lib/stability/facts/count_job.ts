import type { ExpectedItem } from "../../comparison/mod.ts";
import type { SoakMessage } from "../../soak/mod.ts";
import type { LostItem, StabilityAnswer } from "../stability_job.ts";

/** What is known about a job after it has ended. */
export interface JobFacts {
  /** What the process under test reports. */
  readonly answer: Pick<StabilityAnswer, "done" | "lost" | "problems" | "stopped" | "concurrencyErrors">;
  /** The items that the job had to plan or fetch, according to the sandbox. */
  readonly expected: readonly ExpectedItem[];
  /** The state of each item in the library, by key; for a plan, `planned`. Items that are not in the catalog are absent. */
  readonly states: ReadonlyMap<string, string>;
  /** Whether the job only plans. */
  readonly isPlan: boolean;
  /** Number of files that have to be beside the files that are done. */
  readonly sidecars: number;
  /** Paths of those that are not there. */
  readonly absentSidecars: readonly string[];
}

/** The counts of a job; each name is that of the job's result. */
export interface JobCounts {
  readonly attempts: number;
  readonly failures: number;
  readonly timeouts: number;
  readonly permanent: number;
  readonly expected: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly messages: readonly SoakMessage[];
  /** A message for each item that is missing. */
  readonly missing: readonly SoakMessage[];
}

/** Failures by which a download is lost in silence. A refusal by a breaker has the class of what opened it. */
const SILENT: readonly string[] = ["timeout", "stall"];
const MAX_MESSAGES = 5;

/**
 * Compare what a job reports and what is in its library with what the sandbox offers. An item that is neither there nor
 * explained by a reported failure is missing. An item that a failed listing hid is a failed download, as one that the
 * end of the job left out is. What the sandbox refuses for good has to fail, and is no attempt.
 *
 * @param facts Report, library and sandbox
 * @returns The counts
 */
export function countJob(facts: JobFacts): JobCounts {
  const { answer, expected, states, isPlan, sidecars, absentSidecars } = facts;
  const tally = new JobTally();
  const lost = new Map(answer.lost.map((item) => [item.key, item]));
  const permanent = new Set(expected.filter(({ isPermanent }) => isPermanent).map(({ key }) => key));
  for (const item of answer.lost) {
    if (permanent.has(item.key) && !SILENT.includes(item.failure)) tally.permanent++;
    else tally.fail(item.failure, `${item.path}: ${item.message}`);
  }
  const missing: SoakMessage[] = [];
  const explaining = new Set<StabilityAnswer["problems"][number]>();
  for (const item of expected) {
    const state = states.get(item.key);
    if (state === "done" || lost.has(item.key)) continue;
    if (state !== undefined && (isPlan || item.isPermanent)) continue;
    const problem = state === undefined
      ? answer.problems.find(({ target }) => item.targets.includes(target))
      : undefined;
    const reason = problem ?? answer.stopped ?? null;
    if (reason === null) {
      missing.push(
        missingMessage(`${item.key}, ${state === undefined ? "not planned" : `${state} without a failure`}`),
      );
      continue;
    }
    if (problem !== undefined) explaining.add(problem);
    tally.fail(reason.failure ?? (problem === undefined ? "stopped" : "plan"), `${item.key}: ${reason.message}`);
  }
  // A target that failed without hiding anything has failed all the same.
  for (const problem of answer.problems.filter((one) => !explaining.has(one))) {
    tally.fail(problem.failure ?? "plan", `${problem.target}: ${problem.message}`);
  }
  missing.push(...absentSidecars.map(missingMessage));
  return {
    attempts: answer.done + tally.failures,
    failures: tally.failures,
    timeouts: SILENT.reduce((sum, name) => sum + (tally.errors[name] ?? 0), 0),
    permanent: tally.permanent,
    errors: tally.errors,
    messages: [...missing.slice(0, MAX_MESSAGES), ...tally.messages],
    expected: expected.length + sidecars,
    missing,
  };
}

/** Count a job that ended with an error of a known class: nothing that it had to fetch has come. */
export function countBrokenJob(failure: string, message: string, expected: readonly ExpectedItem[]): JobCounts {
  const answer = { done: 0, lost: [] as LostItem[], problems: [], stopped: { failure, message }, concurrencyErrors: 0 };
  const facts = { answer, expected, states: new Map(), isPlan: false, sidecars: 0, absentSidecars: [] };
  return countJob(facts);
}

/** Describe an item that is missing without a failure. */
export function missingMessage(what: string): SoakMessage {
  return { kind: "missing", text: `missing: ${what}` };
}

class JobTally {
  permanent = 0;
  failures = 0;
  readonly errors: Record<string, number> = {};
  readonly messages: SoakMessage[] = [];

  fail(failure: string, text: string): void {
    this.failures++;
    this.errors[failure] = (this.errors[failure] ?? 0) + 1;
    if (this.messages.length < MAX_MESSAGES) this.messages.push({ kind: "other", text });
  }
}
