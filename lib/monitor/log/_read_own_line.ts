import { type FailureClass, RUNGS } from "../../failsafe/mod.ts";
import { failureOfText } from "./_failure_of_text.ts";
import { FAILURE_REMEDIES } from "./failure_remedies.ts";
import { LINE_MEANINGS, type LineKind } from "./line_meanings.ts";

/** What a line that this program wrote is. */
export interface OwnLine {
  /** Its kind; `null` for one that is about a failure only. */
  readonly kind: LineKind | null;
  /** The class of failure that it tells of; `null` for none. */
  readonly failure: FailureClass | null;
  /** How an item ended; `null` for a line that is not about the end of one. */
  readonly outcome: string | null;
  /** The file that it is about. */
  readonly path: string | null;
  /** What it says. */
  readonly message: string;
}

/** Outcomes of items that have the name of another class, or of none. */
const OUTCOMES: Readonly<Record<string, FailureClass | null>> = {
  removed: "gone",
  quarantined: "integrity",
  failed: null,
};
/** In front of a line of a service's journal: `Jan 02 03:04:05 host civitai-dl[12]: `. */
const JOURNAL = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [^\s[]+(?:\[\d+\])?: /;

type Groups = Readonly<Record<string, string | undefined>>;

/** How a line of text begins. The groups `path`, `message` and `class` of the pattern are what they are called. */
interface LineForm {
  readonly pattern: RegExp;
  readonly kind: LineKind | null | ((groups: Groups) => LineKind);
  /** Whether the words of the message name a class, where the line itself has none. */
  readonly isWorded?: boolean;
}

const modeOf = ({ from = "", to = "" }: Groups): LineKind => modeKind(from, to);
const breakerOf = ({ state }: Groups): LineKind => `breaker.${state}` as LineKind;
const errorOf = ({ message = "" }: Groups): LineKind =>
  message.startsWith("Unexpected ") ? "error.unexpected" : "error";

/** The first that fits. */
const FORMS: readonly LineForm[] = [
  { pattern: /^failsafe: (?<from>\S+) → (?<to>\S+): (?<message>.*)$/, kind: modeOf },
  { pattern: /^Engine mode: (?<from>\S+) → (?<to>\S+): (?<message>.*)$/, kind: modeOf },
  { pattern: /^failsafe: .* is (?<state>open|half-open|closed): /, kind: breakerOf },
  { pattern: /^Issue detected: (?<class>[a-z-]+): (?<message>.*)$/, kind: null },
  { pattern: /^retry \d+ of (?<path>.+): (?<class>[a-z-]+)$/, kind: "retry" },
  { pattern: /^restart of (?<path>.+?): (?<message>.*)$/, kind: "restart" },
  { pattern: /^Waiting \d+ ms to (?<message>.*)$/, kind: "api-retry", isWorded: true },
  { pattern: /^error: (?<message>.*)$/, kind: errorOf, isWorded: true },
  { pattern: /^warning: skipped, (?<message>.*)$/, kind: "unreadable" },
  { pattern: /^warning: (?<message>.*)$/, kind: "warning", isWorded: true },
  {
    pattern: /^(?:Not planned|Planned in part|Not to be had): (?<message>.*)$/,
    kind: "unplanned",
    isWorded: true,
  },
  { pattern: /^(?:missing|changed|corrupt|unreadable|unverified): (?<path>.+?): (?<message>.*)$/, kind: "damage" },
  { pattern: /^Not readable: (?<message>.*)$/, kind: "unreadable" },
  { pattern: /^note: (?<message>.*)$/, kind: "note" },
  { pattern: /^Sandbox at |^The sandbox's library is |^The old catalog is now |^No run wrote /, kind: "note" },
  { pattern: /^hint: (?<message>.*)$/, kind: "hint" },
  { pattern: /^caused by: (?<message>.*)$/, kind: "cause", isWorded: true },
  { pattern: /^Waiting for .* \(process /, kind: "waiting" },
  { pattern: /^Stopp(?:ing cleanly|ed at once)|^\d+ left, run again with: |^Nothing is fetched/, kind: "left" },
  { pattern: /^Listing: |^\d+\/\d+ files/, kind: "progress" },
  { pattern: /: the API (?:counts \d|does not count)/, kind: "listed" },
  { pattern: /: \d+ models? takes? \d+ requests?, about /, kind: "expect" },
  { pattern: /^Plan: /, kind: "plan" },
  { pattern: /^Fetched |^What failed is in|^There is no .* here: these are/, kind: "report" },
  { pattern: /^Watching every /, kind: "monitor" },
  { pattern: /^Told /, kind: "notification" },
  { pattern: /: (?:inactive|pending|firing|resolved) → (?:inactive|pending|firing|resolved): /, kind: "alert" },
];

/**
 * Read a line of text that a command of this program wrote to standard error, or showed as its result.
 *
 * @param line One harmless line
 * @returns What it is; `null` for a line of another program
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
  const [, word = "", rest = ""] = /^([a-z-]+|early access): (.*)$/.exec(text) ?? [];
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
 * Read a line of JSON that this program wrote: an event of a run, an error of a command, a notification.
 *
 * @param record The line
 * @returns What it is; `null` for a line of another program
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
    message: message === "" ? sayFields(record) : message,
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
  // How a file ended badly is a matter of its class.
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

/** An error without a class that we know has its own meaning. */
function namedIn(message: string): FailureClass | null {
  const failure = failureOfText(message);
  return failure === "unknown" ? null : failure;
}

/** What an event without words says: its numbers and names. */
function sayFields(record: Readonly<Record<string, unknown>>): string {
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
