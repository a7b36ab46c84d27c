import { type Bilingual, cleanText, isRecord, type Language, quoteWord, sayDuration } from "../../base/mod.ts";
import { RUNGS } from "../../failsafe/mod.ts";
import { isProblemId, problemOfText, runbookOf } from "../find_problem.ts";
import { type ProblemId, PROBLEMS } from "../problem_table.ts";
import { itemPathOf, type LogRecord, quoteText, textOf } from "./log_record.ts";
import type { LogLine } from "./read_line.ts";

/** What a line of a log means. The message of the line is without terminal sequences and secrets. */
export type ExplainedLine =
  /** Nobody knows. */
  | { readonly type: "unknown" }
  /** This program wrote it, and it reports no problem. */
  | { readonly type: "fine"; readonly message: string; readonly meaning: string; readonly remedy: string }
  | ExplainedProblem;

/** The problem that a line reports. */
export interface ExplainedProblem {
  /** Tells it from other results. */
  readonly type: "problem";
  readonly problem: ProblemId;
  /** Outcome of the item that the line is about; `null` if it is about none. */
  readonly outcome: string | null;
  /** Path of that item in the library; `null` if the line names none. */
  readonly path: string | null;
  readonly message: string;
  /** What happened. */
  readonly meaning: string;
  /** What the user can do about it. */
  readonly remedy: string;
  /** The command that shows more or mends it. */
  readonly next: string;
  /** Page of the runbook, such as `docs/runbook/timeout.md`. */
  readonly runbook: string;
}

/** Options of {@linkcode explainLine}. */
export interface ExplainLineOptions {
  /**
   * Language of the explanation.
   *
   * @default {"en"}
   */
  readonly language?: Language | undefined;
}

const MAX_MESSAGE = 500;
const MAX_PATH = 1000;
const MAX_OUTCOME = 40;
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
 * Explain a line of a log: what it means, and what to do about it. A line of this program names its problem; for a line
 * of another one, a status of HTTP or a few words of it are looked up.
 *
 * @param line What `readLine` reads in one line of `download.log`, of `failures.jsonl`, of a command's output, or of any
 * other log
 * @param options Language of the explanation
 * @returns What it means
 */
export function explainLine(line: LogLine, { language = "en" }: ExplainLineOptions = {}): ExplainedLine {
  const { text, record } = line;
  const plain = cleanText(text).replace(JOURNAL, "");
  const problem = record === null ? problemOfPlain(plain) : problemOfRecord(record, line);
  const message = quoteText(record === null ? plain : shownMessage(record, line, language), MAX_MESSAGE);
  if (problem !== null) return { ...explainProblem(problem, record, language), message };
  return record !== null && isOwn(record) ? { ...sayFine(record, language), message } : { type: "unknown" };
}

/** The problem that a structured line names: as such, as the class of a failure, or as the code of an error. */
function problemOfRecord(record: LogRecord, { level, failure, message }: LogLine): ProblemId | null {
  const { problem, error } = record;
  if (isProblemId(problem)) return problem;
  if (failure !== null) return failure;
  if (isRecord(error)) {
    const { code, failure: cause } = error;
    if (isProblemId(cause)) return cause;
    if (isProblemId(code)) return code;
  }
  // A line of another program has no class: its words are looked up.
  return level === "error" ? problemOfText(message) ?? "unknown" : null;
}

function problemOfPlain(text: string): ProblemId | null {
  const found = problemOfText(text);
  if (found !== null) return found;
  if (text.startsWith("error: ")) return "failed";
  return /ERROR|TIMEOUT|FAILURE/.test(text) ? "unknown" : null;
}

/** Whether this program wrote a line: an event of a run, or a document. */
function isOwn({ type, level, time, schema }: LogRecord): boolean {
  return (textOf(schema) ?? "").startsWith("civitai-dl/") ||
    (typeof type === "string" && typeof level === "string" && typeof time === "string");
}

function shownMessage(record: LogRecord, { message }: LogLine, language: Language): string {
  const again = sayAgain(record);
  if (again !== null) return again[language];
  const { ja } = record;
  const japanese = isRecord(ja) ? ja : {};
  return (language === "ja" && textOf(record.message) === null ? textOf(japanese.reason) : null) ?? message;
}

/** A retry, which has no message of its own. */
function sayAgain({ type, attempt, waitMs, message }: LogRecord): Bilingual | null {
  if (!isRetry(type) || typeof message === "string") return null;
  if (typeof attempt !== "number" || typeof waitMs !== "number") return null;
  const wait = sayDuration(waitMs);
  return { en: `retry ${attempt}, in ${wait.en}`, ja: `再試行（${attempt} 回目、${wait.ja}後）` };
}

function isRetry(type: unknown): boolean {
  return type === "retry" || type === "api-retry";
}

/** A line of this program without a problem: what has become better, a warning, or nothing special. */
function sayFine(record: LogRecord, language: Language): { type: "fine"; meaning: string; remedy: string } {
  const words = WORDS[language];
  const { type, from, to, level } = record;
  const rungs: readonly unknown[] = RUNGS;
  const isFaster = type === "mode" && rungs.includes(to) && rungs.indexOf(to) < rungs.indexOf(from);
  if (isFaster) return { type: "fine", meaning: words.faster, remedy: words.nothing };
  if (type === "breaker" && to === "closed") return { type: "fine", meaning: words.working, remedy: words.nothing };
  if (level === "WARN") return { type: "fine", meaning: words.caution, remedy: words.read };
  return { type: "fine", meaning: words.ordinary, remedy: words.nothing };
}

function explainProblem(
  problem: ProblemId,
  record: LogRecord | null,
  language: Language,
): Omit<ExplainedProblem, "message"> {
  const { next, [language]: { meaning, remedy } } = PROBLEMS[problem];
  const words = WORDS[language];
  const { type, outcome, target, refusedBy } = record ?? {};
  const host = textOf(refusedBy) ?? textOf(record?.refused_by);
  const what = host === null ? meaning : words.refused(meaning, quoteText(host, MAX_PATH));
  // A retry happens automatically, so there is nothing to do.
  const isTry = isRetry(type);
  const path = record === null ? null : itemPathOf(record);
  return {
    type: "problem",
    problem,
    outcome: type === "end" && typeof outcome === "string" ? quoteText(outcome, MAX_OUTCOME) : null,
    path: path === null ? null : quoteText(path, MAX_PATH),
    meaning: isTry ? words.again(what) : what,
    remedy: isTry ? words.wait(remedy) : remedy,
    next: fillCommand(next, { host, target: textOf(target) }),
    runbook: runbookOf(problem, language),
  };
}

/** A value of the case in the command of a problem, such as NAME. */
const VALUE = /\b(?:HOST|NAME|FOLDER|KEY|FILE|PID|LINE|LIMITS|TIME)\b/;

/** Put the values that a line has into a command; `doctor` finds those that it does not have. */
function fillCommand(
  command: string,
  { host, target }: { readonly host: string | null; readonly target: string | null },
): string {
  const filled = command
    .replace("HOST", () => host ?? "HOST")
    .replace("user:NAME", () => target === null ? "user:NAME" : quoteWord(target))
    .replace("NAME", () => target === null ? "NAME" : quoteWord(target.replace(/^user:/, "")));
  return VALUE.test(filled) ? "civitai-dl doctor" : filled;
}
