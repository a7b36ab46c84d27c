import { formatCount, type Language } from "../../lib/base/mod.ts";
import { runbookIn } from "../../lib/problems/mod.ts";
import type { AlertStatus, AlertStatusEntry, Mute, SilenceStatus } from "../../lib/alerts/mod.ts";

const WORDS = {
  en: {
    state: { pending: "pending", firing: "firing", resolved: "resolved" },
    since: (time: string) => `since ${time}`,
    past: (summary: string) => summary,
    muted: (mute: Mute) => ` (muted by ${mute.by === "silence" ? "a silence" : `the alert ${mute.rule}`})`,
    mayHaveArrived: "it may have arrived, and is not sent again for that",
    nextTry: (time: string) => `next try ${time}`,
    undelivered: { waiting: "not delivered", unanswered: "no answer" },
    notice: (since: string, next: string, message: string) => `since ${since}; ${next}: ${message}`,
    todo: "what to do",
    runbook: "runbook",
    fires: (firing: number) => formatCount(firing, "alert fires", "alerts fire"),
    owed: (open: number) => `, ${formatCount(open, "notification")} not delivered`,
    rules: (rules: number, silenced: number) => `${formatCount(rules, "rule")}, ${formatCount(silenced, "silence")}`,
    evaluated: (time: string | null) => time === null ? "never evaluated" : `evaluated ${time}`,
    monitored: (time: string) => `the monitor evaluates them; unchanged since ${time}`,
    between: "; ",
  },
  ja: {
    state: { pending: "保留中", firing: "発報中", resolved: "解消" },
    since: (time: string) => `${time} から`,
    past: (summary: string) => `発報時の状況: ${summary}`,
    muted: (mute: Mute) =>
      mute.by === "alert" ? `（アラート ${mute.rule} の発報中は通知しません）` : "（サイレンスにより通知を停止中）",
    mayHaveArrived: "届いている可能性があるため、再送しません",
    nextTry: (time: string) => `次の送信 ${time}`,
    undelivered: { waiting: "未配信", unanswered: "応答なし" },
    notice: (since: string, next: string, message: string) => `${since} から。${next}（${message}）`,
    todo: "対処",
    runbook: "ランブック",
    fires: (firing: number) => `発報中のアラート ${firing} 件`,
    owed: (open: number) => `、未配信の通知 ${open} 件`,
    rules: (rules: number, silenced: number) => `ルール ${rules} 件、サイレンス ${silenced} 件`,
    evaluated: (time: string | null) => time === null ? "評価は未実施" : `最終評価 ${time}`,
    monitored: (time: string) => `モニターが評価中（${time} から変化なし）`,
    between: "。",
  },
} as const;

/** Words for how urgent an alert is; rules may have others. */
const JAPANESE_SEVERITY: Readonly<Record<string, string>> = { critical: "重大", warning: "警告", info: "情報" };

/** Name the state of an alert; `inactive` before it is pending. */
export function nameState(state: string, language: Language): string {
  const names: Readonly<Record<string, string>> = { inactive: "正常", ...WORDS.ja.state };
  return language === "ja" ? names[state] ?? state : state;
}

/** Render the state of the alerts as text. */
export function renderAlertStatus(
  status: AlertStatus,
  language: Language = "en",
  { isMonitored = false }: { readonly isMonitored?: boolean } = {},
): string {
  const words = WORDS[language];
  const lines = status.alerts.flatMap(({ state, severity, rule, since, mutedBy, runbook, ...texts }) => {
    const chosen = chooseTexts(texts, language);
    const urgency = language === "ja" ? JAPANESE_SEVERITY[severity] ?? severity : severity;
    const muted = mutedBy === null ? "" : words.muted(mutedBy);
    const help = state === "firing" ? renderHelp({ remedy: chosen.remedy, runbook }, language) : [];
    return [
      `${words.state[state]}  ${urgency}  ${rule}  ${words.since(stamp(since))}${muted}`,
      `  ${state === "resolved" ? words.past(chosen.summary) : chosen.summary}`,
      ...help,
    ];
  });
  for (const { address, alerts, state, since, retryAt, message } of status.undelivered) {
    const next = retryAt === null ? words.mayHaveArrived : words.nextTry(stamp(retryAt));
    lines.push(`${words.undelivered[state]}  ${address}: ${alerts.join(", ")}`);
    lines.push(`  ${words.notice(stamp(since), next, message)}`);
  }
  const open = status.undelivered.length;
  const end = [
    `${words.fires(status.firing)}${open === 0 ? "" : words.owed(open)}`,
    words.rules(status.rules, status.silences.length),
    sayEvaluated(status, { language, isMonitored }),
  ];
  return `${[...lines, end.join(words.between)].join("\n")}\n`;
}

/** While no alert is active, a monitor writes the state only when it changes. */
function sayEvaluated(
  { evaluatedAt, alerts }: Pick<AlertStatus, "evaluatedAt" | "alerts">,
  { language, isMonitored }: { readonly language: Language; readonly isMonitored: boolean },
): string {
  const words = WORDS[language];
  if (evaluatedAt === null) return words.evaluated(null);
  const isQuiet = alerts.every(({ state }) => state === "resolved");
  return isMonitored && isQuiet ? words.monitored(stamp(evaluatedAt)) : words.evaluated(stamp(evaluatedAt));
}

/** Summary and remedy in the language of the reader; a rule without Japanese texts has those of its file. */
export function chooseTexts(
  { summary, remedy, ja }: Pick<AlertStatusEntry, "summary" | "remedy" | "ja">,
  language: Language,
): Pick<AlertStatusEntry, "summary" | "remedy"> {
  return language === "ja" ? { summary: ja.summary ?? summary, remedy: ja.remedy ?? remedy } : { summary, remedy };
}

/** Render the lines with remedy and runbook; omit those that are not set. */
function renderHelp(
  { remedy, runbook }: Pick<AlertStatusEntry, "remedy" | "runbook">,
  language: Language,
): readonly string[] {
  const words = WORDS[language];
  return [
    ...remedy === null ? [] : [`  ${words.todo}: ${remedy}`],
    ...runbook === null ? [] : [`  ${words.runbook}: ${runbookIn(runbook, language)}`],
  ];
}

/** Render silences as text. */
export function renderSilences(silences: readonly SilenceStatus[]): string {
  if (silences.length === 0) return "No silences\n";
  return silences.map(({ name, endsAt, comment }) =>
    `${name}  until ${stamp(endsAt)}${comment === "" ? "" : `: ${comment}`}\n`
  ).join("");
}

/** Format a time to the second: `2026-01-01 00:00:00 UTC`. */
function stamp(time: string): string {
  return `${time.slice(0, 19).replace("T", " ")} UTC`;
}
