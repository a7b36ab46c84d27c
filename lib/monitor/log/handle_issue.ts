import { type Bilingual, cleanText, type Language, quoteWord, sayDuration } from "../../base/mod.ts";
import { type FailureClass, isFailureClass, RUNGS } from "../../failsafe/mod.ts";
import { isProblemId, type ProblemId, problemOfText, PROBLEMS, runbookOf } from "../../problems/mod.ts";
import type { Issue } from "./issue.ts";
import { type LogRecord, parseRecord, textOf } from "./log_record.ts";
import { quoteMessage, recognizeIssue } from "./recognize_issue.ts";

/** The explanation of a log line. */
export interface IssueAdvice {
  /** Whether the line was recognized. */
  readonly recognized: boolean;
  /** The issue; `null` if the line needs no attention. */
  readonly issue: Issue | null;
  /** The problem that the line reports; `null` if it reports none. */
  readonly problem: ProblemId | null;
  /** The problem if it is a class of failure; otherwise `null`. */
  readonly failure: FailureClass | null;
  /** Message of the line, without terminal sequences and secrets; `null` if the line is not recognized. */
  readonly message: string | null;
  /** What the line means; `null` if it is not recognized. */
  readonly meaning: string | null;
  /** What the user can do about it; `null` if it is not recognized. */
  readonly remedy: string | null;
  /** The command that shows more or mends it; `null` if there is nothing to do. */
  readonly next: string | null;
  /** Page of the runbook, such as `docs/runbook/timeout.md`; `null` if the line reports no problem. */
  readonly runbook: string | null;
}

/** Options of {@linkcode handleIssue}. */
export interface HandleIssueOptions {
  /**
   * Language of the explanation.
   *
   * @default {"en"}
   */
  readonly language?: Language | undefined;
}

const UNKNOWN: IssueAdvice = {
  recognized: false,
  issue: null,
  problem: null,
  failure: null,
  message: null,
  meaning: null,
  remedy: null,
  next: null,
  runbook: null,
};

/** Prefix of a line in the journal of a service: `Jan 02 03:04:05 host civitai-dl[12]: `. */
const JOURNAL = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [^\s[]+(?:\[\d+\])?: /;

/** Sentences around those of the table. */
const WORDS = {
  en: {
    ordinary: "The program works as it should; the line reports no problem",
    caution: "Something is wrong, but the work continues",
    faster: "The trouble is over, and the engine has gone back to a faster mode",
    working: "The host answers again, and gets requests",
    nothing: "Nothing",
    read: "Read the line: it says what is skipped or done differently",
    again: (meaning: string) => `An attempt failed, and another one follows. ${meaning}`,
    wait: (remedy: string) => `Nothing while the next attempts succeed. Otherwise: ${remedy}`,
    refused: (meaning: string, key: string) => `${meaning}; the breaker of ${key} then blocked further requests`,
  },
  ja: {
    ordinary: "プログラムは正常に動作しています。この行は問題を示していません",
    caution: "問題がありますが、処理は続いています",
    faster: "問題が解消し、速いモードに戻りました",
    working: "ホストが回復し、リクエストを再開しました",
    nothing: "対応は不要です",
    read: "行の内容を確認してください。省略された項目や、変更された処理が書かれています",
    again: (meaning: string) => `取得に失敗したため、再試行します。${meaning}`,
    wait: (remedy: string) => `再試行が成功すれば、対応は不要です。解決しない場合: ${remedy}`,
    refused: (meaning: string, key: string) =>
      `${meaning}。その後、${key} へのリクエストはサーキットブレーカーが遮断しました`,
  },
} as const satisfies Readonly<Record<Language, unknown>>;

/**
 * Explain a log line: what it means, and what to do about it. A line of this program names its problem; for a line of
 * another one, a status of HTTP or a few words of it are looked up.
 *
 * @param line One line of `download.log`, of `failures.jsonl`, of a command's output, or of any other log
 * @returns The advice; `recognized` is false for an unknown line
 */
export function handleIssue(line: string, options: HandleIssueOptions = {}): IssueAdvice {
  const { language = "en" } = options;
  const issue = recognizeIssue(line);
  const record = parseRecord(line);
  const text = cleanText(line).replace(JOURNAL, "");
  const problem = record === null ? problemOfLine(text, issue) : problemOfRecord(record, issue);
  const said = quoteMessage(record === null ? text : messageOf(record, language));
  const message = issue?.message ?? said;
  if (problem !== null) return { ...explain(problem, { issue, record, language }), message };
  return record !== null && isOwn(record) ? { ...ordinary(record, language), message } : UNKNOWN;
}

/** The problem that a structured line names: as such, as the class of a failure, or as the code of an error. */
function problemOfRecord(record: LogRecord, issue: Issue | null): ProblemId | null {
  const { problem, failure, error, outcome, phase } = record;
  if (isProblemId(problem)) return problem;
  // A line of timeouts.log.
  if (outcome === "timeout" && phase !== undefined) return phase === "body" ? "stall" : "timeout";
  if (isFailureClass(textOf(failure) ?? "")) return failure as FailureClass;
  if (typeof error === "object" && error !== null) {
    const { code, failure: cause } = error as Readonly<Record<string, unknown>>;
    if (isProblemId(cause)) return cause;
    if (isProblemId(code)) return code;
  }
  if (issue === null) return null;
  // A line of another program has no class: its words are looked up.
  const ofText = problemOfText(textOf(record.message) ?? "");
  return issue.failure === "unknown" || ofText === "proxy-login" ? ofText ?? "unknown" : issue.failure;
}

function problemOfLine(text: string, issue: Issue | null): ProblemId | null {
  const found = problemOfText(text);
  if (found !== null) return found;
  if (text.startsWith("error: ")) return "failed";
  return issue === null ? null : "unknown";
}

/** Whether this program wrote a line: an event of a run, or a document. */
function isOwn(record: LogRecord): boolean {
  const { type, level, time, schema } = record;
  return (textOf(schema) ?? "").startsWith("civitai-dl/") ||
    (typeof type === "string" && typeof level === "string" && typeof time === "string");
}

function messageOf(record: LogRecord, language: Language): string {
  const { message, reason, ja, type, error } = record;
  const again = sayAgain(record);
  if (again !== null) return again[language];
  const inner = typeof error === "object" && error !== null ? (error as Record<string, unknown>).message : undefined;
  const japanese = typeof ja === "object" && ja !== null ? ja as Readonly<Record<string, unknown>> : {};
  const why = language === "ja" ? textOf(japanese.reason) ?? textOf(reason) : textOf(reason);
  return textOf(message) ?? why ?? textOf(inner) ?? textOf(type) ?? "";
}

/** A retry, which has no message of its own. */
function sayAgain({ type, attempt, waitMs, message }: LogRecord): Bilingual | null {
  if ((type !== "retry" && type !== "api-retry") || typeof message === "string") return null;
  if (typeof attempt !== "number" || typeof waitMs !== "number") return null;
  const wait = sayDuration(waitMs);
  return { en: `retry ${attempt}, in ${wait.en}`, ja: `再試行（${attempt} 回目、${wait.ja}後）` };
}

/** What has become better: the mode or a host; `null` if the line is about something else. */
function sayRecovery({ type, from, to }: LogRecord, language: Language): string | null {
  const rungs: readonly unknown[] = RUNGS;
  const isFaster = type === "mode" && rungs.includes(to) && rungs.indexOf(to) < rungs.indexOf(from);
  if (isFaster) return WORDS[language].faster;
  return type === "breaker" && to === "closed" ? WORDS[language].working : null;
}

function ordinary(record: LogRecord, language: Language): IssueAdvice {
  const words = WORDS[language];
  const recovery = sayRecovery(record, language);
  if (recovery !== null) return { ...UNKNOWN, recognized: true, meaning: recovery, remedy: words.nothing };
  const isCaution = record.level === "WARN";
  return {
    ...UNKNOWN,
    recognized: true,
    meaning: isCaution ? words.caution : words.ordinary,
    remedy: isCaution ? words.read : words.nothing,
  };
}

interface Explained {
  readonly issue: Issue | null;
  readonly record: LogRecord | null;
  readonly language: Language;
}

function explain(problem: ProblemId, { issue, record, language }: Explained): IssueAdvice {
  const { next, [language]: { meaning, remedy } } = PROBLEMS[problem];
  const words = WORDS[language];
  const host = issue?.refusedBy;
  const what = host === undefined ? meaning : words.refused(meaning, host);
  // A retry happens automatically, so there is nothing to do.
  const isTry = record?.type === "retry" || record?.type === "api-retry";
  return {
    recognized: true,
    issue,
    problem,
    failure: isFailureClass(problem) ? problem : null,
    message: null,
    meaning: isTry ? words.again(what) : what,
    remedy: isTry ? words.wait(remedy) : remedy,
    next: fillCommand(next, { host, target: textOf(record?.target) }),
    runbook: runbookOf(problem, language),
  };
}

/** A value of the case in the command of a problem, such as NAME. */
const VALUE = /\b(?:HOST|NAME|FOLDER|KEY|FILE|PID|LINE)\b/;

/** Put the values that a line has into a command; `doctor` finds those that it does not have. */
function fillCommand(
  command: string,
  { host, target }: { readonly host: string | undefined; readonly target: string | null },
): string {
  const filled = command
    .replace("HOST", () => host ?? "HOST")
    .replace("user:NAME", () => target === null ? "user:NAME" : quoteWord(target))
    .replace("NAME", () => target === null ? "NAME" : quoteWord(target.replace(/^user:/, "")));
  return VALUE.test(filled) ? "civitai-dl doctor" : filled;
}
