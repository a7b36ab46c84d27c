import { type FailureClass, RUNGS } from "../../failsafe/mod.ts";
import { failureOfText } from "./_failure_of_text.ts";
import { FAILURE_REMEDIES } from "./failure_remedies.ts";
import { outcomeNow } from "./log_record.ts";
import { LINE_MEANINGS, type LineKind } from "./line_meanings.ts";

/** A recognized line that this program wrote. */
export interface OwnLine {
  /** Kind of the line; `null` if it only reports a failure. */
  readonly kind: LineKind | null;
  /** Class of the failure that the line reports; `null` if it reports none. */
  readonly failure: FailureClass | null;
  /** Outcome of an item; `null` if the line does not report one. */
  readonly outcome: string | null;
  /** Path of the file that the line is about; `null` if there is none. */
  readonly path: string | null;
  /** The message, without the prefix that identified the line. */
  readonly message: string;
}

/**
 * Class of failure by item outcome, for outcomes that are not named like a class; `null` if the message decides the
 * class.
 */
const OUTCOMES: Readonly<Record<string, FailureClass | null>> = {
  removed: "gone",
  corrupted: "integrity",
  failed: null,
};
/** Prefix of a line in the journal of a service: `Jan 02 03:04:05 host civitai-dl[12]: `. */
const JOURNAL = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [^\s[]+(?:\[\d+\])?: /;

type Groups = Readonly<Record<string, string | undefined>>;

/**
 * A form of a text line. The groups `path`, `message` and `class` of its pattern provide path, message and class of
 * failure.
 */
interface LineForm {
  readonly pattern: RegExp;
  readonly kind: LineKind | null | ((groups: Groups) => LineKind);
  /** Whether the words of the message decide the class, if the line does not name it. */
  readonly isWorded?: boolean;
}

const modeOf = ({ from = "", to = "" }: Groups): LineKind => modeKind(from, to);
const breakerOf = ({ state }: Groups): LineKind => `breaker.${state}` as LineKind;
const errorOf = ({ message = "" }: Groups): LineKind =>
  message.startsWith("Unexpected ") ? "error.unexpected" : "error";

/** The first match wins. */
const FORMS: readonly LineForm[] = [
  { pattern: /^failsafe: (?<from>\S+) → (?<to>\S+): (?<message>.*)$/, kind: modeOf },
  { pattern: /^rollout \S*: (?<message>\S+ → \S+, \S+ %: .*)$/, kind: "rollout" },
  { pattern: /^rollout \S*: (?<message>\S+, \S+ %: .*)$/, kind: "rollout" },
  { pattern: /^Engine mode: (?<from>\S+) → (?<to>\S+): (?<message>.*)$/, kind: modeOf },
  { pattern: /^failsafe: .* is (?<state>open|half-open|closed): /, kind: breakerOf },
  { pattern: /^Issue detected: (?<class>[a-z-]+): (?<message>.*)$/, kind: null },
  { pattern: /^retry \d+ (?:for|of) (?<path>.+): (?<class>[a-z-]+)$/, kind: "retry" },
  { pattern: /^restart of (?<path>.+?): (?<message>.*)$/, kind: "restart" },
  { pattern: /^Waiting \d+ ms to (?<message>.*)$/, kind: "api-retry", isWorded: true },
  { pattern: /^error: (?<message>.*)$/, kind: errorOf, isWorded: true },
  { pattern: /^warning: skipped,? (?<message>.*)$/, kind: "unreadable" },
  { pattern: /^warning: (?<message>.*)$/, kind: "warning", isWorded: true },
  {
    pattern: /^(?:Not planned|Planned in part|Not available|Not to be had): (?<message>.*)$/,
    kind: "unplanned",
    isWorded: true,
  },
  { pattern: /^(?:missing|changed|corrupt|unreadable|unverified): (?<path>.+?): (?<message>.*)$/, kind: "damage" },
  { pattern: /^(?:Not readable|Skipped API entry): (?<message>.*)$/, kind: "unreadable" },
  { pattern: /^note: (?<message>.*)$/, kind: "note" },
  {
    pattern: /^By the configuration: |^Sandbox at |^The sandbox's library is |^The old catalog is now |^No run wrote /,
    kind: "note",
  },
  { pattern: /^hint: (?<message>.*)$/, kind: "hint" },
  { pattern: /^caused by: (?<message>.*)$/, kind: "cause", isWorded: true },
  { pattern: /^Waiting for .* \(process /, kind: "waiting" },
  {
    pattern: /^Stopp(?:ing cleanly|ed immediately|ed at once)|^\d+ left, run again with: |^Nothing (?:was|is) fetched/,
    kind: "left",
  },
  { pattern: /^Listing: |^\d+\/\d+ files|^Downloading \S+ of \S+ \(/, kind: "progress" },
  { pattern: /: the API (?:(?:reports|counts) \d|does not (?:report|count))/, kind: "listed" },
  { pattern: /: \d+ models? takes? \d+ requests?, about /, kind: "expect" },
  { pattern: /^Plan: /, kind: "plan" },
  {
    pattern:
      /^Fetched |^(?:The failed items are(?: listed)?|What failed is) in|^There is no .* here: (?:using|these are)/,
    kind: "report",
  },
  { pattern: /^Watching every /, kind: "monitor" },
  { pattern: /^(?:Notified|Told) /, kind: "notification" },
  { pattern: /: (?:inactive|pending|firing|resolved) → (?:inactive|pending|firing|resolved): /, kind: "alert" },
];

/**
 * Parse a line of text that a command of this program wrote to standard error, or printed as its result.
 *
 * @param line One line, already cleaned of terminal sequences
 * @returns The recognized line; `null` for a line of another program
 */
export function readOwnText(line: string): OwnLine | null {
  const text = line.replace(JOURNAL, "");
  for (const form of FORMS) {
    const match = form.pattern.exec(text);
    if (match !== null) return readForm(form, text, match.groups ?? {});
  }
  return readOutcome(text);
}

function readForm({ kind, isWorded = false }: LineForm, text: string, groups: Groups): OwnLine {
  const { message = text, path = null } = groups;
  const named = groups.class === undefined ? null : classOf(groups.class);
  return ownLine({
    kind: typeof kind === "function" ? kind(groups) : kind,
    failure: named ?? (isWorded ? namedIn(message) : null),
    path,
    message,
  });
}

/** `failed: models/a.bin: Cannot …`, or `timeout: what to do about it` at the end of a run. */
function readOutcome(text: string): OwnLine | null {
  const [, written = "", rest = ""] = /^([a-z-]+|early access): (.*)$/.exec(text) ?? [];
  const word = outcomeNow(written);
  const isOutcome = Object.hasOwn(OUTCOMES, word);
  const named = isOutcome ? OUTCOMES[word] ?? null : classOf(word);
  if (!isOutcome && named === null) return null;
  const [, path, message] = /^(.+?): (.*)$/.exec(rest) ?? [];
  return ownLine({
    failure: named ?? failureOfText(message ?? rest),
    outcome: word,
    path: path ?? null,
    message: message ?? rest,
  });
}

/**
 * Interpret a line of JSON that this program wrote: an event of a run, an error of a command, a notification.
 *
 * @param record The parsed line
 * @returns The recognized line; `null` for a line of another program
 */
export function readOwnRecord(record: Readonly<Record<string, unknown>>): OwnLine | null {
  const { type, schema, error } = record;
  if (schema === "civitai-dl/notification") return ownLine({ kind: "notification" });
  if (typeof error === "object" && error !== null) return readError(error as Readonly<Record<string, unknown>>);
  if (typeof type !== "string") return null;
  const text = (name: string): string => typeof record[name] === "string" ? record[name] : "";
  const kind = kindOfEvent(type, text);
  if (kind === null) return null;
  const item = typeof record.item === "object" && record.item !== null ? record.item as Record<string, unknown> : {};
  const path = typeof item.path === "string" ? item.path : null;
  const message = text("message") || text("reason");
  const isTry = kind === "retry" || kind === "api-retry";
  return ownLine({
    kind,
    path,
    message: message === "" ? formatFields(record) : message,
    failure: isTry ? classOf(text("failure")) ?? "unknown" : kind === "warning" ? namedIn(message) : null,
  });
}

function readError(error: Readonly<Record<string, unknown>>): OwnLine | null {
  const { code, message } = error;
  const kind = `error.${code}`;
  if (typeof message !== "string" || !isKind(kind)) return null;
  return ownLine({ kind, message, failure: namedIn(message) });
}

function kindOfEvent(type: string, text: (name: string) => string): LineKind | null {
  if (type === "mode") return modeKind(text("from"), text("to"));
  // If a file was not completed, its class of failure explains the line.
  if (type === "end") return ["done", "already there"].includes(text("outcome")) ? "done" : null;
  const kind = type === "breaker" ? `breaker.${text("to")}` : type;
  return isKind(kind) && !kind.startsWith("error") ? kind : null;
}

function modeKind(from: string, to: string): LineKind {
  if (to === "paused") return "mode.paused";
  const rank = (name: string) => RUNGS.findIndex((rung) => rung === name);
  return rank(to) < rank(from) ? "mode.up" : "mode.down";
}

function isKind(kind: string): kind is LineKind {
  return Object.hasOwn(LINE_MEANINGS, kind);
}

function classOf(name: string): FailureClass | null {
  return Object.hasOwn(FAILURE_REMEDIES, name) ? name as FailureClass : null;
}

/** The class that a message names; `null` if it names none, so that the kind of the line explains it. */
function namedIn(message: string): FailureClass | null {
  const failure = failureOfText(message);
  return failure === "unknown" ? null : failure;
}

/** Format the message of an event without one, from the names and values of its fields. */
function formatFields(record: Readonly<Record<string, unknown>>): string {
  return Object.entries(record)
    .filter(([name, value]) =>
      !["type", "time", "level", "schema", "version"].includes(name) && typeof value !== "object"
    )
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function ownLine(found: Partial<OwnLine>): OwnLine {
  return { kind: null, failure: null, outcome: null, path: null, message: "", ...found };
}
