import { cleanText } from "../../base/mod.ts";
import type { FailureClass } from "../../failsafe/mod.ts";
import { FAILURE_REMEDIES, type FailureRemedy, runbookOf } from "./failure_remedies.ts";
import type { Issue } from "./issue.ts";
import { LINE_MEANINGS, type LineKind } from "./line_meanings.ts";
import { issueOfText, quoteMessage } from "./_issue_of_line.ts";
import { parseRecord } from "./log_record.ts";
import { type OwnLine, readOwnRecord, readOwnText } from "./_read_own_line.ts";
import { recognizeIssue } from "./recognize_issue.ts";

/** The explanation of a log line. */
export interface IssueAdvice {
  /** Whether the line was recognized. */
  readonly recognized: boolean;
  /** The issue; `null` if the line needs no attention. */
  readonly issue: Issue | null;
  /** Kind of the line, if this program wrote it and it does not report the outcome of an item; otherwise `null`. */
  readonly line: LineKind | null;
  /** Class of the failure that the line reports; `null` if it reports none. */
  readonly failure: FailureClass | null;
  /** Message of the line, without terminal sequences and secrets; `null` if the line is not recognized. */
  readonly message: string | null;
  /** What the line means; `null` if it is not recognized. */
  readonly meaning: string | null;
  /** What the user can do about it; `null` if it is not recognized. */
  readonly remedy: string | null;
  /** The command that shows more or mends it; `null` if there is nothing to do. */
  readonly next: string | null;
  /** Page of the runbook, such as `docs/runbook/timeout.md`; `null` if the line is not recognized. */
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
  next: null,
  runbook: null,
};

/** Advice for causes that are more specific than their class of failure. */
const NARROWER: readonly (readonly [pattern: RegExp, FailureRemedy])[] = [
  [/\b407\b|proxy auth/i, {
    meaning: "A proxy requires a user name and a password, or different ones",
    remedy: "Give them in HTTPS_PROXY (http://NAME:PASSWORD@host:port), or bypass the proxy with NO_PROXY",
  }],
];

/**
 * Explain a log line: what it means, and what to do about it.
 *
 * @param line One line of `download.log`, of `failures.jsonl`, of a command's output, or of any other log
 * @returns The advice; `recognized` is false for an unknown line
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { handleIssue } from "../mod.ts";
 * assertEquals(handleIssue("failed: models/a.bin: Cannot fetch it: HTTP 451").failure, "region");
 * ```
 */
export function handleIssue(line: string): IssueAdvice {
  const { issue, kind, failure, message } = readLine(line);
  if (kind === null && failure === null) return UNKNOWN;
  const known = { recognized: true, issue, line: kind, failure, message };
  // A class of failure explains the line. A retry happens automatically, so there is nothing to do.
  if (failure !== null) {
    const { refusedBy } = issue ?? {};
    const advice = adviceOn(failure, { kind, message, refusedBy });
    return {
      ...known,
      ...advice,
      next: nextStep(failure, refusedBy ?? unknownHostOf(message)),
      runbook: runbookOf(failure),
    };
  }
  return { ...known, ...LINE_MEANINGS[kind!], next: nextAfter(kind!), runbook: runbookOfLine(kind!) };
}

interface ReadLine extends Pick<OwnLine, "kind" | "failure" | "message"> {
  readonly issue: Issue | null;
}

/**
 * Classify a line. For a line of this program, its form is more informative than its words; any other line is
 * classified only by its words.
 */
function readLine(line: string): ReadLine {
  const issue = recognizeIssue(line);
  const record = parseRecord(line);
  const own = record === null ? readOwnText(cleanText(line)) : readOwnRecord(record);
  const isClassed = record !== null && issue !== null && issue.failure !== "unknown";
  if (own === null || isClassed) {
    return { issue, kind: null, failure: issue?.failure ?? null, message: issue?.message ?? "" };
  }
  const { kind, failure, message, outcome, path } = own;
  // A failed item is an issue, even if the line is copied from a terminal.
  const ended = kind !== null || record !== null
    ? issue
    : issueOfText(line, { failure: failure ?? "unknown", outcome: outcome ?? "line", path, message });
  return { issue: ended, kind, failure, message: quoteMessage(message) };
}

function adviceOn(
  failure: FailureClass,
  line: { readonly kind: LineKind | null; readonly message: string; readonly refusedBy: string | undefined },
): FailureRemedy {
  const { kind, message, refusedBy } = line;
  const ofClass = failure === "rejected" ? NARROWER.find(([pattern]) => pattern.test(message))?.[1] : undefined;
  const { meaning: what, remedy } = ofClass ?? FAILURE_REMEDIES[failure];
  const after = refusedBy === undefined ? "" : `; the breaker of ${refusedBy} then blocked further requests`;
  const meaning = `${what}${after}`;
  if (kind !== "retry" && kind !== "api-retry") return { meaning, remedy };
  const { meaning: lead } = LINE_MEANINGS[kind];
  const cause = `${meaning.charAt(0).toLowerCase()}${meaning.slice(1)}`;
  return {
    meaning: `${lead}: ${cause}`,
    remedy: `Nothing for now: it continues automatically. If it keeps happening: ${remedy}`,
  };
}

/** Return the next command for a class of failure, with the host's name if the line has one. */
function nextStep(failure: FailureClass, host: string | undefined): string {
  const { next } = FAILURE_REMEDIES[failure];
  return host === undefined ? next : next.replace("HOST", host);
}

/** Find the host of a message that may be allowed: a public one that is only not known. */
function unknownHostOf(message: string): string | undefined {
  return /"([^"]+)", which is not a known storage host/.exec(message)?.[1];
}

function nextAfter(kind: LineKind): string | null {
  if (kind.startsWith("mode.") || kind.startsWith("breaker.")) return "civitai-dl failsafe";
  if (kind === "rollout") return "civitai-dl rollout status";
  return kind === "damage" ? "civitai-dl repair" : null;
}

function runbookOfLine(kind: LineKind): string {
  if (kind.startsWith("mode.")) return "docs/runbook/engine-mode.md";
  return `docs/runbook/${kind.startsWith("error.") ? "exit-codes" : "lines"}.md`;
}
