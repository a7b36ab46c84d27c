import type { Language } from "../../base/mod.ts";
import {
  ahead,
  type Finding,
  findingsOf,
  Format,
  hasOwnLine,
  HOST_TONES,
  hostLimit,
  hostRows,
  hostState,
  isAllWell,
  runWords,
  sayFinding,
  sayingsOf,
  type StatusAlert,
  type StatusTone,
  type StatusWords,
  wordsOf,
} from "../../status/mod.ts";
import { type ScreenWords, screenWordsOf } from "./screen_words.ts";
import type { StatusReport } from "./status_report.ts";

/** One problem, or what the downloader is doing. */
export interface SaidFinding {
  /** How urgent it is. */
  readonly tone: StatusTone;
  /** The tone as a word. */
  readonly label: string;
  /** What is wrong, or what goes on. */
  readonly text: string;
  /** What to do; empty if there is nothing. */
  readonly todo: string;
}

/** A status in words. */
export interface SaidStatus {
  /** The worst finding first, as the headline of the page. */
  readonly findings: readonly SaidFinding[];
  /** The word before what is to be done. */
  readonly remedy: string;
  /** Mode, progress and time left, or how the last run ended. */
  readonly progress: string;
  /** Everything else, by name; the first line of a row has no tone if it is only information. */
  readonly rows: readonly SaidRow[];
}

/** A part of the screen. */
export interface SaidRow {
  /** What it is about, such as `Hosts`. */
  readonly name: string;
  /** Its lines; the tone is `null` where a line is only information. */
  readonly lines: readonly { readonly text: string; readonly tone: StatusTone | null }[];
}

/** Say a status in the words of the live page. */
export function sayStatus(
  status: StatusReport,
  { language, now }: { readonly language: Language; readonly now: number },
): SaidStatus {
  const words = wordsOf(language);
  const format = new Format(language);
  const screen = screenWordsOf(language);
  const view = { status, words, format, now };
  const [first, ...rest] = findingsOf(status, now);
  const isWell = isAllWell([first!, ...rest]);
  const say = (finding: Finding): SaidFinding => {
    const { text, todo } = sayFinding(finding, view);
    const { kind, tone } = finding;
    return { tone, label: words.tones[tone], text, todo: kind === "lowered" ? "" : todo };
  };
  const { todo } = sayFinding(first!, view);
  const headline = say(first!);
  return {
    findings: [
      { ...headline, todo, text: isWell ? `${headline.text}${words.allWell}` : headline.text },
      ...rest.filter(hasOwnLine).map(say),
    ],
    remedy: words.remedy,
    progress: runWords(view),
    rows: rowsOf(status, { words, screen, format, now }),
  };
}

interface Sayer {
  readonly words: StatusWords;
  readonly screen: ScreenWords;
  readonly format: Format;
  readonly now: number;
}

function rowsOf(status: StatusReport, sayer: Sayer): readonly SaidRow[] {
  const { words, screen } = sayer;
  return [
    { name: screen.run, lines: sayRun(status, sayer) },
    { name: words.mode, lines: [plain(sayMode(status, sayer))] },
    { name: screen.limits, lines: sayLimits(status, sayer) },
    { name: screen.hosts, lines: sayHosts(status, sayer) },
    { name: words.alerts, lines: sayAlerts(status, sayer) },
    { name: screen.notices, lines: sayNotices(status, sayer) },
    { name: words.disk, lines: [sayDisk(status, sayer)] },
    { name: words.library, lines: sayLibrary(status, sayer) },
    { name: screen.key, lines: [sayKey(status, sayer)] },
    { name: screen.monitor, lines: [sayMonitor(status, sayer)] },
    { name: words.checks, lines: sayChecks(status, sayer) },
  ];
}

type Line = SaidRow["lines"][number];

function plain(text: string): Line {
  return { text, tone: null };
}

function since(iso: string, { words, format, now }: Sayer): string {
  return words.since(format.time(iso, now), format.duration(now - Date.parse(iso)));
}

/** The run under way, and how the last one ended. */
function sayRun(status: StatusReport, sayer: Sayer): readonly Line[] {
  const { holder, lastRun, failedRun } = status;
  const { words, screen, format, now } = sayer;
  const current = plain(holder === null ? screen.free : screen.holder(holder, since(holder.since, sayer)));
  if (lastRun === null) return [current];
  const reason = words.endReason(lastRun, sayingsOf({ ...sayer, status }));
  const { command, endedAt, startedAt, exitCode, done, failed, left, leftBytes } = lastRun;
  const parts = [
    endedAt === null
      ? screen.killed(command, format.time(startedAt, now))
      : screen.ended(command, exitCode, format.time(endedAt, now)),
    ...done === null ? [] : [screen.done(format.number(done))],
    ...failed === null || failed === 0 ? [] : [screen.failed(format.number(failed))],
    ...left === null || left === 0 ? [] : [screen.left(format.number(left), format.bytes(leftBytes ?? 0))],
    ...exitCode === 0 || reason === "" ? [] : [reason],
  ];
  const isFailed = failedRun !== null && failedRun.startedAt === startedAt;
  return [current, { text: parts.join(" · "), tone: isFailed ? "bad" : null }];
}

function sayMode({ mode }: StatusReport, sayer: Sayer): string {
  const { words, format, now } = sayer;
  const nextMs = ahead(mode.nextCheck, now);
  const next = nextMs === null ? "" : ` · ${words.nextCheck(format.clock(nextMs), format.duration(nextMs - now))}`;
  return `${mode.name}: ${words.choose(mode.reason, mode.ja.reason).text} · ${since(mode.since, sayer)}${next}`;
}

function sayLimits({ limits }: StatusReport, { words, screen, format, now }: Sayer): readonly Line[] {
  const { quota, rate } = limits;
  const lines: Line[] = [];
  if (quota !== null) {
    const links = quota.links === null
      ? null
      : screen.links(format.number(quota.usedLinks), format.number(quota.links));
    const bytes = quota.bytes === null ? null : words.ofTotal(format.bytes(quota.usedBytes), format.bytes(quota.bytes));
    const until = ahead(quota.until, now);
    const again = until === null ? "" : screen.again(format.time(until, now));
    lines.push({ text: `${screen.quota(links, bytes)}${again}`, tone: until === null ? null : "warn" });
  }
  if (rate !== null) lines.push(plain(screen.bandwidth(rate)));
  return lines.length === 0 ? [plain(screen.none)] : lines;
}

function sayHosts(status: StatusReport, sayer: Sayer): readonly Line[] {
  const { words, screen, format, now } = sayer;
  const rows = hostRows(status);
  if (rows.length === 0) return [plain(screen.noHosts)];
  return rows.map((row) => {
    const { key, breaker, host } = row;
    const state = hostState(row);
    const parts = [`${key}: ${words.hostState[state]}`];
    if (breaker !== null) parts.push(words.breakerCalls(format.number(breaker.failures), breaker.calls));
    if (host !== null && host.speed !== null) parts.push(words.speedOf(host.speed, format));
    const limit = hostLimit(row, sayer);
    if (limit !== "") parts.push(limit);
    if (breaker !== null && breaker.state !== "closed") {
      const until = ahead(breaker.until, now);
      if (breaker.reason !== null) parts.push(words.choose(breaker.reason, breaker.ja.reason).text);
      parts.push(since(breaker.since, sayer));
      if (until !== null) parts.push(words.opensAgain(format.clock(until), format.duration(until - now)));
    }
    const tone = HOST_TONES[state];
    return { text: parts.join(" · "), tone: tone === "bad" || tone === "warn" ? tone : null };
  });
}

const ALERT_TONES: Readonly<Record<string, StatusTone>> = { critical: "bad", warning: "warn" };

function sayAlerts(status: StatusReport, { words, screen, format, now }: Sayer): readonly Line[] {
  const { alerts, evaluatedAt, monitor, gone } = status;
  // Their state is in the library.
  if (gone !== null && evaluatedAt === null) return [plain(words.unknownForNow)];
  const active = alerts.filter(({ state }) => state !== "resolved");
  const evaluated = (): string => {
    if (evaluatedAt === null) return screen.neverEvaluated;
    // It writes the state only when it changes, so that its time says nothing of the last look.
    if (monitor !== null) return screen.evaluates;
    return screen.evaluated(format.time(evaluatedAt, now), format.duration(now - Date.parse(evaluatedAt)));
  };
  const first = plain(screen.alerts(active.length, format.number(active.length), evaluated()));
  return [first, ...active.map((alert) => sayAlert(alert, { words, screen, format, now }))];
}

function sayAlert(alert: StatusAlert, { words, format, now }: Sayer): Line {
  const { rule, severity, state, since } = alert;
  const lasting = words.alertSince(
    words.alertState[state],
    format.time(since, now),
    format.duration(now - Date.parse(since)),
  );
  const text = [
    `${words.severity[severity] ?? severity}: ${rule}`,
    words.choose(alert.summary, alert.ja.summary).text,
    lasting,
  ]
    .filter((part) => part !== "").join(" · ");
  return { text, tone: state === "firing" ? ALERT_TONES[severity] ?? "warn" : "warn" };
}

function sayNotices({ undelivered }: StatusReport, sayer: Sayer): readonly Line[] {
  const { words, screen, format, now } = sayer;
  if (undelivered.length === 0) return [plain(screen.allDelivered)];
  return undelivered.map(({ address, alerts, state, since: from, retryAt, message }) => {
    const next = retryAt === null ? words.mayHaveArrived : words.sentAgain(format.time(retryAt, now));
    const what = `${words.undeliveredState[state]}: ${address}`;
    return { text: [what, `${alerts.join(", ")}: ${message}`, since(from, sayer), next].join(" · "), tone: "warn" };
  });
}

function sayDisk({ disk, reserve }: StatusReport, { words, screen, format }: Sayer): Line {
  const { usedPercent, freeBytes, reserveBytes } = disk;
  if (usedPercent === null || freeBytes === null) return plain(words.unknownForNow);
  const use = words.diskUse(format.percent(usedPercent / 100), format.bytes(freeBytes));
  const kept = reserveBytes === null ? "" : ` · ${screen.reserve(format.bytes(reserveBytes))}`;
  return { text: `${use}${kept}`, tone: reserve === null ? null : "bad" };
}

function sayLibrary(
  { library, source, gone, damage }: StatusReport,
  { words, screen, format }: Sayer,
): readonly Line[] {
  if (gone !== null) return [{ text: screen.gone(gone), tone: "bad" }];
  if (damage !== null) return [{ text: screen.damaged(damage), tone: "bad" }];
  if (library === null) return [plain(source.library), plain(words.noLibrary)];
  const names: Readonly<Record<string, string>> = words.states;
  const states = Object.entries(library.byState).filter(([state, count]) => state !== "done" && count > 0);
  const counts = [
    words.fileCount(library.files, format.number(library.files)),
    format.bytes(library.bytes),
    ...states.map(([state, count]) => `${names[state] ?? state} ${format.number(count)}`),
  ];
  return [plain(source.library), plain(counts.join(" · "))];
}

function sayKey({ key }: StatusReport, { screen }: Sayer): Line {
  if (key.problem !== null) return { text: screen.keyProblem(key.problem), tone: "bad" };
  if (key.source === null) return { text: screen.noKey, tone: "warn" };
  const isRejected = key.state === "rejected";
  const state = key.state === null ? "" : ` · ${screen.keyState[key.state]}`;
  return { text: `${screen.keyFrom(key.source)}${state}`, tone: isRejected ? "bad" : null };
}

function sayMonitor({ monitor, gone }: StatusReport, sayer: Sayer): Line {
  const { screen, words: { unknownForNow } } = sayer;
  // Its lock is in the library.
  if (gone !== null && monitor === null) return plain(unknownForNow);
  if (monitor === null) return plain(screen.noMonitor);
  return plain(screen.monitorRuns(String(monitor.pid), since(monitor.since, sayer)));
}

/** The checks that the monitor runs, as the last round left them. */
function sayChecks({ checks }: StatusReport, sayer: Sayer): readonly Line[] {
  const { screen, format, now } = sayer;
  if (checks === null) return [plain(screen.notChecked)];
  const { checkedAt, failing } = checks;
  if (failing.length === 0) return [plain(screen.checksOk(format.time(checkedAt, now)))];
  return failing.map((check) => ({
    text: [`${check.name}: ${screen.found(check)}`, since(check.since, sayer)].join(" · "),
    tone: "bad",
  }));
}
