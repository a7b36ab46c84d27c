import { asIs, type Bilingual, formatCount, formatSize, type Language, sayDuration } from "../../lib/base/mod.ts";
import { renderTable } from "../../lib/cli/mod.ts";
import { describeRatio } from "../../lib/downloader/mod.ts";
import type { BreakerStatus, FailsafeEvent, FailsafeStatus } from "../../lib/failsafe/mod.ts";
import type { ActiveHost, ActiveLimit } from "../../lib/library/mod.ts";
import { shortenTimes } from "../../lib/monitor/mod.ts";

/** Maximum number of transitions shown, latest ones only. */
const SHOWN_EVENTS = 8;

const WORDS = {
  en: {
    mode: (name: string, since: string, ago: string) => `Mode: ${name}, since ${since} (${ago})`,
    why: "why",
    heldUntil: (until: string | null) => `held until: ${until ?? "it is released"}`,
    ladder: "automatic mode",
    noCalls: "last minute: no calls in this mode",
    calls: (failures: number, calls: number) => `last minute: ${failures} of ${calls} calls in this mode failed`,
    wouldChange: "what would change it",
    noBreakers: "No breakers yet: no requests were made.",
    noEnd: (hosts: readonly string[]) => `No breakers yet: no request to ${hosts.join(", ")} has ended.`,
    last: "Last transitions:",
    columns: {
      breaker: "BREAKER",
      state: "STATE",
      since: "SINCE",
      failed: "FAILED",
      tried: "TRIED",
      why: "WHY",
      host: "HOST",
      speed: "SPEED",
      limit: "LIMIT",
    },
    slowSince: (since: string, ago: string) => `slow since ${since} (${ago}): `,
    answers: (current: string, usual: string) => `answers in ${current}, usually in ${usual}`,
    sends: (current: string, usual: string) => `${current} for each connection, usually ${usual}`,
    connections: (value: number, ceiling: number) => `${value} of ${formatCount(ceiling, "connection")}`,
    limited: (why: string, ago: string | null) => `: ${why}${ago === null ? "" : `, ${ago}`}`,
    underWay: (probes: number) => `${probes} under way`,
    next: "at the next call",
    inTime: (left: string) => `in ${left}`,
    now: "just now",
    ago: (span: string) => `${span} ago`,
  },
  ja: {
    mode: (name: string, since: string, ago: string) => `モード: ${name}（${since} から、${ago.replace(/前$/, "")}）`,
    why: "理由",
    heldUntil: (until: string | null) => `固定の期限: ${until ?? "解除するまで"}`,
    ladder: "自動の場合のモード",
    noCalls: "直近 1 分: このモードでのリクエストなし",
    calls: (failures: number, calls: number) => `直近 1 分: このモードのリクエスト ${calls} 回中 ${failures} 回失敗`,
    wouldChange: "変わる条件",
    noBreakers: "まだどのホストにも接続していません。",
    noEnd: (hosts: readonly string[]) => `${hosts.join("、")} へのリクエストはまだ終わっていません。`,
    last: "最近の変化:",
    columns: {
      breaker: "ホスト",
      state: "状態",
      since: "開始",
      failed: "失敗",
      tried: "再試行",
      why: "理由",
      host: "ホスト",
      speed: "速度",
      limit: "上限",
    },
    slowSince: (since: string, ago: string) => `${since} から低速（${ago}）: `,
    answers: (current: string, usual: string) => `応答時間 ${current}（普段は ${usual}）`,
    sends: (current: string, usual: string) => `1 接続あたり ${current}（普段は ${usual}）`,
    connections: (value: number, ceiling: number) => `接続数 ${value} / ${ceiling}`,
    limited: (why: string, ago: string | null) => `（${why}${ago === null ? "" : `、${ago}`}）`,
    underWay: (probes: number) => `${probes} 件確認中`,
    next: "次のリクエスト",
    inTime: (left: string) => `${left}後`,
    now: "たった今",
    ago: (span: string) => `${span}前`,
  },
} as const;

/** Words, language and time of what is rendered. */
interface Teller {
  readonly width: number;
  readonly now: number;
  readonly language: Language;
}

/**
 * Render the status of a failsafe as text.
 *
 * @param status The status, and the change that was just made
 */
export function renderFailsafe(
  status: FailsafeStatus & {
    readonly done?: string | null;
    readonly hosts?: readonly ActiveHost[];
    readonly inUse?: readonly string[];
  },
  options: { readonly width?: number; readonly now?: number; readonly language?: Language } = {},
): string {
  const { width = 80, now = Date.now(), language = "en" } = options;
  const teller = { width, now, language };
  const words = WORDS[language];
  const { mode, breakers, events, done = null, hosts = [], inUse = [] } = status;
  const lines = done === null ? [] : [done, ""];
  lines.push(
    words.mode(mode.name, mode.since, ago(mode.since, teller)),
    `  ${words.why}: ${choose(mode, language)}`,
  );
  if (mode.hold !== null) lines.push(`  ${words.heldUntil(mode.hold.until)}`);
  if (mode.name !== mode.ladder) lines.push(`  ${words.ladder}: ${mode.ladder}`);
  // A change of the mode resets the count.
  lines.push(`  ${mode.calls === 0 ? words.noCalls : words.calls(mode.failures, mode.calls)}`);
  const changes = language === "ja" ? mode.ja.wouldChange : mode.wouldChange;
  for (const change of changes) lines.push(`  ${words.wouldChange}: ${change}`);
  const none = inUse.length === 0 ? words.noBreakers : words.noEnd(inUse);
  lines.push("", breakers.length === 0 ? none : breakerTable(breakers, inUse, teller));
  if (hosts.length > 0) lines.push(hostTable(hosts, teller));
  if (events.length > 0) {
    lines.push(words.last, ...events.slice(-SHOWN_EVENTS).map((event) => eventLine(event, language)));
  }
  return shortenTimes(`${lines.join("\n").trimEnd()}\n`, teller);
}

function breakerTable(breakers: readonly BreakerStatus[], inUse: readonly string[], teller: Teller): string {
  const { width, language } = teller;
  const { columns } = WORDS[language];
  return renderTable(breakers, [
    { title: columns.breaker, value: (row) => row.key },
    { title: columns.state, value: (row) => stateWord(row, inUse)[language] },
    { title: columns.since, value: (row) => ago(row.since, teller) },
    { title: columns.failed, value: (row) => row.calls === 0 ? "" : `${row.failures}/${row.calls}`, align: "right" },
    { title: columns.tried, value: (row) => triedIn(row, teller) },
    { title: columns.why, value: (row) => choose(row, language) },
  ], { width });
}

/** Compare the hosts in use with their usual speed, and show how many connections they may get. */
function hostTable(hosts: readonly ActiveHost[], teller: Teller): string {
  const { width, language } = teller;
  const { columns } = WORDS[language];
  return renderTable(hosts, [
    { title: columns.host, value: (row) => row.host },
    { title: columns.speed, value: (row) => speedOf(row, teller) },
    { title: columns.limit, value: (row) => limitOf(row.limit, teller) },
  ], { width });
}

function speedOf({ speed, slowSince }: ActiveHost, teller: Teller): string {
  if (speed === null) return "";
  const { kind, ratio, current, usual } = speed;
  const { language } = teller;
  const words = WORDS[language];
  const since = slowSince === null ? "" : words.slowSince(slowSince, ago(slowSince, teller));
  const span = (ms: number) => sayDuration(Math.round(ms))[language];
  const values = kind === "answer"
    ? words.answers(span(current), span(usual))
    : words.sends(`${formatSize(current)}/s`, `${formatSize(usual)}/s`);
  return language === "en" ? `${since}${describeRatio(ratio)}; ${values}` : `${since}${values}`;
}

const RISING: Bilingual = { en: "rising again", ja: "増やしています" };
const LIMIT_REASONS: Readonly<Record<string, Bilingual>> = {
  refused: { en: "it refused more at once", ja: "同時接続を拒否されたため" },
  latency: { en: "with more it became slower", ja: "接続が多いと遅くなったため" },
  recovered: RISING,
  room: RISING,
  measure: { en: "a short test with fewer", ja: "少ない接続で測定中" },
};

function limitOf({ value, ceiling, reason, changedAt }: ActiveLimit, teller: Teller): string {
  const words = WORDS[teller.language];
  const why = reason === null ? undefined : LIMIT_REASONS[reason];
  const count = words.connections(value, ceiling);
  if (value >= ceiling || why === undefined) return count;
  return `${count}${words.limited(why[teller.language], changedAt === null ? null : ago(changedAt, teller))}`;
}

/** A word for the state of a breaker that says what it means for the next call. */
function stateWord({ key, state, failures, calls }: BreakerStatus, inUse: readonly string[]): Bilingual {
  if (state === "open") return { en: "blocked", ja: "接続停止中" };
  if (state === "half-open") return { en: "being tried", ja: "回復の確認中" };
  // Its transfers are open, and none has ended in the last minute.
  if (calls === 0 && inUse.includes(key)) return { en: "in use", ja: "使用中" };
  if (calls === 0) return { en: "not in use", ja: "未使用" };
  if (failures === 0) return { en: "working", ja: "正常" };
  return failures * 2 >= calls ? { en: "failing", ja: "失敗" } : { en: "some fail", ja: "一部失敗" };
}

function triedIn({ until, state, probes }: BreakerStatus, { now, language }: Teller): string {
  const words = WORDS[language];
  if (state === "half-open") return words.underWay(probes);
  if (until === null) return "";
  const leftMs = Date.parse(until) - now;
  return leftMs <= 0 ? words.next : words.inTime(sayDuration(leftMs)[language]);
}

function eventLine(event: FailsafeEvent, language: Language): string {
  const subject = event.type === "mode" ? { en: "mode", ja: "モード" } : asIs(event.key);
  const [from, to] = [event.from, event.to].map((state) => language === "ja" ? JAPANESE_STATES[state] ?? state : state);
  return `  ${event.time} ${subject[language]}: ${from} -> ${to}: ${choose(event, language)}`;
}

const JAPANESE_STATES: Readonly<Record<string, string>> = {
  closed: "接続可",
  open: "接続停止",
  "half-open": "回復の確認",
};

function ago(time: string, { now, language }: Teller): string {
  const words = WORDS[language];
  const ms = now - Date.parse(time);
  return ms < 1000 ? words.now : words.ago(sayDuration(ms)[language]);
}

/** The reason in the language of the reader. */
function choose(
  { reason, ja }: { readonly reason: string | null; readonly ja: { readonly reason: string | null } },
  language: Language,
): string {
  return (language === "ja" ? ja.reason : reason) ?? "";
}
