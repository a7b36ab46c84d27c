import type { Language } from "../../lib/base/mod.ts";
import { createPaint, type RenderOptions } from "../../lib/cli/mod.ts";
import type { Subject } from "../../lib/health/mod.ts";
import { shortenTimes } from "../../lib/monitor/mod.ts";
import { PROBLEMS } from "../../lib/problems/mod.ts";

/**
 * Render what is known of a creator or a host: the cause in the first line, then the next command, then every failure of
 * the last day.
 *
 * @param subject What is known
 * @param options Colors
 * @returns The text, with a final newline
 */
export function renderSubject(
  { language, ...subject }: Subject & { readonly language: Language },
  { color }: RenderOptions,
): string {
  const paint = createPaint({ color });
  const { name, failures, next } = subject;
  const lines = [`${paint.bold(name)}: ${causeOf(subject, language)}`, `→ ${paint.cyan(next)}`];
  if (failures.length > 0) lines.push("");
  for (const { problem, count, last, message } of failures) {
    const { title, remedy } = PROBLEMS[problem][language];
    lines.push(WORDS[language].failure({ problem, title, count, last }), `  ${message}`, `  → ${remedy}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Failures of one kind. */
interface Failure {
  readonly problem: string;
  readonly title: string;
  readonly count: number;
  readonly last: string;
}

const WORDS = {
  en: {
    failure: ({ problem, title, count, last }: Failure) => `${problem} (${title}): ${count}×, ${last}`,
    fine: "nothing failed within a day",
    unlisted: (message: string, time: string) => `it could not be listed at ${time}: ${message}`,
    closed: (reason: string | null, until: string | null) =>
      `it gets no requests: ${reason ?? "its breaker is open"}${until === null ? "" : `; next attempt ${until}`}`,
    slow: (ratio: number, since: string) => `it works at ${ratio} of its usual speed since ${since}`,
  },
  ja: {
    failure: ({ problem, title, count, last }: Failure) =>
      `${title} (${problem}): ${count} 件、${shortenTimes(last, { language: "ja", now: Date.now() })}`,
    fine: "この 1 日に失敗はありません",
    unlisted: (message: string, time: string) => `${time} に一覧を取得できませんでした（${message}）`,
    closed: (reason: string | null, until: string | null) =>
      `リクエストを送信していません（${reason ?? "遮断中"}）${until === null ? "" : `。次の試行: ${until}`}`,
    slow: (ratio: number, since: string) => `${since} から、普段の速度の ${ratio} になっています`,
  },
} as const;

function causeOf(subject: Subject, language: Language): string {
  const words = WORDS[language];
  if (subject.kind === "creator") {
    const { unlisted } = subject;
    if (unlisted !== null) return words.unlisted(unlisted.message, unlisted.time);
  } else {
    const { breaker, slow } = subject;
    if (breaker !== null && breaker.state !== "closed") return words.closed(breaker.reason, breaker.until);
    if (slow !== null) return words.slow(Math.round(slow.ratio * 1000) / 1000, slow.since);
  }
  const [first] = subject.failures;
  return first === undefined ? words.fine : PROBLEMS[first.problem][language].meaning;
}
