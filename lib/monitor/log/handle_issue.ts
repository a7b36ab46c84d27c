import { cleanText } from "../../base/mod.ts";
import type { FailureClass } from "../../failsafe/mod.ts";
import { FAILURE_REMEDIES, type FailureRemedy, runbookOf } from "./failure_remedies.ts";
import type { Issue } from "./issue.ts";
import { LINE_MEANINGS, type LineKind } from "./line_meanings.ts";
import { issueOfText, quoteMessage } from "./_issue_of_line.ts";
import { parseRecord } from "./log_record.ts";
import { type OwnLine, readOwnRecord, readOwnText } from "./_read_own_line.ts";
import { recognizeIssue } from "./recognize_issue.ts";

/** What a line of a log means. */
export interface IssueAdvice {
  /** Whether the line is one that we know. */
  readonly recognized: boolean;
  /** The trouble; `null` when there is none, or none that has to be looked at. */
  readonly issue: Issue | null;
  /** What kind of line it is, if this program wrote it and it is no end of an item; else `null`. */
  readonly line: LineKind | null;
  /** The class of failure that it tells of; `null` when there is none. */
  readonly failure: FailureClass | null;
  /** What the line says, without what a terminal would obey and without secrets; `null` when it is not recognized. */
  readonly message: string | null;
  /** What it means; `null` when it is not recognized. */
  readonly meaning: string | null;
  /** What a person can do; `null` when it is not recognized. */
  readonly remedy: string | null;
  /** Where the runbook says more; `null` when it is not recognized. */
  readonly runbook: string | null;
}

const UNKNOWN: IssueAdvice = {
  recognized: false,
  issue: null,
  line: null,
  failure: null,
  message: null,
  meaning: null,
  remedy: null,
  runbook: null,
};

/** What is narrower than its class. */
const NARROWER: readonly (readonly [words: RegExp, FailureRemedy])[] = [
  [/\b407\b|proxy auth/i, {
    meaning: "A proxy on the way wants a name and a password, or other ones",
    remedy: "Give them in HTTPS_PROXY (http://NAME:PASSWORD@host:port), or go past the proxy with NO_PROXY",
  }],
];

/**
 * Say what a line of a log means and what to do.
 *
 * @param line One line of `download.log`, `failures.jsonl`, of what a command writes, or of any log
 * @returns The advice; `recognized` is false for a line that is nothing we know
 *
 * @example
 * ```ts
 * import { handleIssue } from "../mod.ts";
 * console.assert(handleIssue("failed: models/a.bin: Cannot fetch it: HTTP 451").failure === "region");
 * ```
 */
export function handleIssue(line: string): IssueAdvice {
  const { issue, kind, failure, message } = readLine(line);
  if (kind === null && failure === null) return UNKNOWN;
  const known = { recognized: true, issue, line: kind, failure, message };
  // A line that is about a class is explained by it; an attempt that goes on by itself asks for nothing.
  if (failure !== null) {
    const { refusedBy } = issue ?? {};
    return { ...known, ...adviceOn(failure, { kind, message, refusedBy }), runbook: runbookOf(failure) };
  }
  return { ...known, ...LINE_MEANINGS[kind!], runbook: runbookOfLine(kind!) };
}

interface ReadLine extends Pick<OwnLine, "kind" | "failure" | "message"> {
  readonly issue: Issue | null;
}

/** A line that this program wrote says more by its form than by its words; of any other line, the words are all. */
function readLine(line: string): ReadLine {
  const issue = recognizeIssue(line);
  const record = parseRecord(line);
  const own = record === null ? readOwnText(cleanText(line)) : readOwnRecord(record);
  const isClassed = record !== null && issue !== null && issue.failure !== "unknown";
  if (own === null || isClassed) {
    return { issue, kind: null, failure: issue?.failure ?? null, message: issue?.message ?? "" };
  }
  const { kind, failure, message, outcome, path } = own;
  // The end of an item is an issue, also where a terminal showed it.
  const ended = kind !== null || record !== null
    ? issue
    : issueOfText(line, { failure: failure ?? "unknown", outcome: outcome ?? "line", path, message });
  return { issue: ended, kind, failure, message: quoteMessage(message) };
}

function adviceOn(
  failure: FailureClass,
  told: { readonly kind: LineKind | null; readonly message: string; readonly refusedBy: string | undefined },
): FailureRemedy {
  const { kind, message, refusedBy } = told;
  const ofClass = failure === "rejected" ? NARROWER.find(([words]) => words.test(message))?.[1] : undefined;
  const { meaning: what, remedy } = ofClass ?? FAILURE_REMEDIES[failure];
  const after = refusedBy === undefined
    ? ""
    : `; after that the breaker of ${refusedBy} let no further request through`;
  const meaning = `${what}${after}`;
  if (kind !== "retry" && kind !== "api-retry") return { meaning, remedy };
  const { meaning: lead } = LINE_MEANINGS[kind];
  const cause = `${meaning.charAt(0).toLowerCase()}${meaning.slice(1)}`;
  return { meaning: `${lead}: ${cause}`, remedy: `Nothing now: it goes on by itself. If it stays so: ${remedy}` };
}

function runbookOfLine(kind: LineKind): string {
  return `docs/runbook.md#${kind.startsWith("mode.") ? "engine-mode" : "lines-of-the-program"}`;
}
