import type { ProblemText } from "../problems/mod.ts";
import type { Format } from "./format.ts";
import type { EventWords, FindingWords, Sayings } from "./sayings.ts";
import type { StatusDocument, StatusLastRun } from "./status_document.ts";

/** How many files a run brought. */
type EndCounts = Pick<StatusLastRun, "done" | "failed">;
type Speed = NonNullable<StatusDocument["hosts"][number]["speed"]>;
type Limit = StatusDocument["hosts"][number]["limit"];

const plural = new Intl.PluralRules("en");
const count = (number: number, one: string, many: string) => plural.select(number) === "one" ? one : many;

const hostList = (hosts: readonly string[]) =>
  hosts.length <= 2 ? hosts.join(" and ") : `${hosts[0]} and ${hosts.length - 1} more hosts`;
const triedWords = (tries: number) =>
  tries === 0 ? "" : `, tried ${tries} ${count(tries, "time", "times")} without success`;
const endWords = ({ done, failed }: EndCounts, number: Sayings["count"]) =>
  `${number(done)} done${(failed ?? 0) > 0 ? `, ${number(failed)} failed` : ""}`;

/** A share such as `1/110`, or a percentage near the usual. */
const share = (ratio: number) => ratio > 0.5 ? `${Math.round(ratio * 100)} %` : `1/${Math.round(1 / ratio)}`;
/** How often as long something takes, such as `20 times`. */
const times = (ratio: number) => `${Math.round(1 / ratio)} times`;
/** The time of an answer; most take less than a second. */
const answerTime = (ms: number, format: Format) => ms < 1000 ? `${Math.round(ms)} ms` : format.duration(ms);
const LIMITS: Readonly<Record<string, string>> = {
  refused: ": it refused more at once",
  latency: ": with more it became slower",
  recovered: ": rising again",
  room: ": rising again",
  measure: ": a short test with fewer",
};
const limitWords = (reason: string | null) => LIMITS[reason ?? ""] ?? "";

/** The command that goes on; it ends the text, so that it can be copied. */
const againWords = (again: string | null) =>
  again === null ? "Run the same command again to resume." : `Run again with: ${again}`;

/** What a run before the end of a pause would do; empty if the end is not known. */
function pausedUntil(until: number | null, time: Sayings["time"]): string {
  if (until === null) return "";
  return `A run before ${time(new Date(until).toISOString())} ends at once with exit 6, a later one resumes. ` +
    "To resume now, check the network and run civitai-dl failsafe reset first. ";
}

/** A reason behind what it explains. */
const after = (reason: string) => reason === "" ? "" : `: ${reason}`;

/** Why a run ended; empty if it ended well. */
function endReason(
  { message, pause, failed: files, failure }: Omit<StatusLastRun, "command" | "left">,
  { time }: Pick<Sayings, "time">,
): string {
  const failed = files ?? 0;
  if (pause === null) return message ?? "";
  const until = pause.until === null ? "" : ` until ${time(pause.until)}`;
  const failures = failed > 0
    ? `; ${failed} ${count(failed, "file", "files")} failed${failure === null ? "" : ` (${failure})`}`
    : "";
  return `paused by the failsafe${until}: ${pause.reason}${failures}`;
}

const findings: FindingWords = {
  paused: ({ reason, until, isRunning, again }, { left, time }) => ({
    text: `Downloads are paused: ${reason}${until === null ? "" : `, next try in ${left(until)}`}`,
    todo: isRunning
      ? "Check the network and the storage's status page. It continues automatically when they answer; civitai-dl failsafe reset ends the pause at once."
      : pausedUntil(until, time) + againWords(again),
  }),
  diskFull: ({ freeBytes }, { format }) => ({
    text: `The disk is full: ${format.bytes(freeBytes ?? 0)} free`,
    todo: "Free some space or move the library to a larger disk, then run the same command again to resume.",
  }),
  reserve: ({ leftFiles, leftBytes, missingBytes, freeBytes, reserveBytes }, { format, count: number }) => ({
    text: leftFiles === 0
      ? `The disk is at its reserve: ${format.bytes(freeBytes ?? 0)} free, and downloads keep ${
        format.bytes(reserveBytes ?? 0)
      } free`
      : `The disk is at its reserve: ${number(leftFiles)} ${count(leftFiles, "file", "files")} (${
        format.bytes(leftBytes)
      }) ${count(leftFiles, "is", "are")} left`,
    todo: `Free at least ${
      format.bytes(missingBytes)
    }, move the library to a larger disk, or lower --reserve; then run the same command again to resume.`,
  }),
  diskFilling: ({ seconds }, { format }) => ({
    text: `The disk will be at its reserve in about ${format.duration(seconds * 1000)} if it goes on filling`,
    todo: "Find out what fills the disk, and free some space before downloads stop.",
  }),
  runFailed: ({ command, left, isLast, isOver, ...end }, { count: number, time }) => ({
    text: `${
      end.exitCode === null
        ? `${isLast ? "The last" : "An earlier"} run (${command}) was killed before its end`
        : `${isLast ? "The last" : "An earlier"} run (${command}) ended with exit ${end.exitCode}${
          after(endReason(end, { time }))
        }`
    }${left === null || left === 0 ? "" : `; ${number(left)} ${count(left, "file is", "files are")} left`}`,
    todo: isOver ? againWords(end.again) : [
      ...end.hint === null ? [] : [`${end.hint}.`],
      ...end.hint !== null && end.again === null ? [] : [againWords(end.again)],
    ].join(" "),
  }),
  libraryGone: ({ path, time: lastSeen }, { time }) => ({
    text: `The library is gone: it was last seen at ${time(lastSeen)} in ${path}`,
    todo: "Mount its disk. The monitor goes on by itself then; until then, every command refuses to work there.",
  }),
  damaged: ({ message }) => ({
    text: message,
    todo: "civitai-dl doctor says what is wrong with it and how to mend it.",
  }),
  diskFails: () => ({
    text: "The disk cannot be written",
    todo: "Check that the disk is mounted and healthy and that the library's folder may be written, then run again.",
  }),
  outage: ({ hosts, fault, until }, { left }) => ({
    text: `${hostList(hosts)} ${fault ?? `${count(hosts.length, "is", "are")} not used for now after failures`}` +
      (until === null ? ", the next request tries it again" : `, next try in ${left(until)}`),
    todo:
      "Nothing for now: it is retried automatically, and downloads resume where they stopped. If it lasts, check your network and the site's status.",
  }),
  leftOpen: ({ hosts }) => ({
    text: `${hostList(hosts)} failed in the last run`,
    todo: "Check your network, then run the same command again to resume.",
  }),
  probing: ({ hosts }) => ({ text: `${hostList(hosts)} is being tried again after failures`, todo: "" }),
  undelivered: ({ count: notices, address }, { count: number }) => ({
    text: `${number(notices)} ${count(notices, "notification", "notifications")} of alerts not confirmed: ${address}`,
    todo: "Check whether the receiver can be reached, with civitai-dl alerts status and alerts send-test.",
  }),
  slow: ({ host, of, ratio, current, since, more }, { time, format }) => ({
    text:
      `Slow: ${host} ${
        of === "answer"
          ? `takes ${answerTime(current, format)} to answer, ${times(ratio)} its usual time,`
          : `at ${share(ratio)} of its usual speed`
      } since ${time(since ?? "")}` + (more === 0 ? "" : `, and ${more} more ${count(more, "host", "hosts")}`),
    todo: more === 0
      ? "Nothing: downloads go on, and speed up when the host does. If all is slow, look for another program that uses your network."
      : "Several hosts are slow at once: look for another program that uses your network or this machine. Downloads go on.",
  }),
  alert: ({ summary, remedy }) => ({ text: summary, todo: remedy ?? "" }),
  lowered: ({ mode, reason, isRunning }) => ({
    text: isRunning ? `Slowed down to ${mode}: ${reason}` : `The next run starts slowly, in mode ${mode}: ${reason}`,
    todo: "Nothing: it speeds up automatically when the problems are over.",
  }),
  noProgress: ({ ms, since, hosts, files }, { time, format }) => ({
    text: `No byte has arrived from ${hostList(hosts)} since ${time(since)} (${format.duration(ms)}): ${
      files === 0 ? "the listing waits" : `${format.number(files)} ${count(files, "file waits", "files wait")}`
    }`,
    todo:
      "Nothing for now: it tries again automatically, and downloads resume where they stopped. If it lasts, check your network and the site's status.",
  }),
  held: ({ mode, until }, { left }) => ({
    text: `Mode ${mode} is held manually${until === null ? "" : `, for ${left(until)}`}`,
    todo: "civitai-dl failsafe hold --release gives it back to the failsafe.",
  }),
  rising: ({ mode, next, isRunning }, { left }) => ({
    text: isRunning
      ? `Speeding up again: mode ${mode}${next === null ? "" : `, next step in ${left(next)}`}`
      : `The next run starts in mode ${mode} and speeds up again`,
    todo: "",
  }),
  waiting: ({ files, until, reason }, { left, failure }) => ({
    text: `${files} ${count(files, "download waits", "downloads wait")}: ${failure(reason)}` +
      (until === null ? "" : `, next try in ${left(until)}`),
    todo: "",
  }),
  failed: ({ files, class: name, remedy, isRunning }, { count: number, failure }) => ({
    text: `${number(files)} ${count(files, "file", "files")} failed, most often: ${failure(name)}`,
    todo: remedy === "" ? "" : `${remedy}.${isRunning ? "" : " The next run tries what failed again."}`,
  }),
  refused: ({ files, class: name, remedy, isAskedAgain }, { count: number, failure }) => ({
    text: `${number(files)} ${count(files, "file", "files")} cannot be fetched: ${failure(name)}`,
    todo: isAskedAgain ? "They are requested again after a week." : `${remedy}.`,
  }),
  failedEarlier: ({ files, class: name }, { count: number, failure }) => ({
    text: `${number(files)} ${count(files, "file is", "files are")} missing after earlier failures: ${failure(name)}`,
    todo: "Downloads have worked again since: run the same command again to fetch what is missing.",
  }),
  starting: ({ command, startedAt }, { time }) => ({
    text: `A run (${command}) is under way since ${time(startedAt)}`,
    todo: "",
  }),
  idle: ({ left, again }, { count: number }) => ({
    text: `No downloader is running${
      left === 0 ? "" : `; the last run left ${number(left)} ${count(left, "file", "files")}`
    }`,
    todo: left === 0 || again === null ? "" : againWords(again),
  }),
  noLibrary: ({ path }) => ({
    text: `There is no library yet: nothing was ever downloaded to ${path}`,
    todo: "Download something, or name the folder of your library.",
  }),
  listing: ({ target, models }, { count: number }) => ({
    text: `Listing${target === null ? "" : ` ${target}`}: ${number(models)} ${count(models, "model", "models")} so far`,
    todo: "",
  }),
  fetching: ({ files }) => ({
    text: `Downloading ${files} ${count(files, "file", "files")}`,
    todo: "",
  }),
  silent: ({ files }) => ({
    text: `No data arrives at the moment; ${files} ${count(files, "download is", "downloads are")} open`,
    todo: "",
  }),
  running: () => ({ text: "The downloader is running, no file is being downloaded", todo: "" }),
};

const happened: EventWords = {
  run: ({ files, bytes }, { count: number, format }) =>
    `Run began: ${number(files)} ${count(files, "file", "files")} to fetch, ${format.bytes(bytes)}`,
  end: (event, { count: number, format }) =>
    `Run ended ${event.exitCode === 0 ? "" : `with exit ${event.exitCode} `}after ${
      format.duration(event.durationMs)
    }: ${endWords(event, number)}, ${format.bytes(event.fetchedBytes)} fetched${
      event.message === null ? "" : `: ${event.message}`
    }`,
  mode: ({ from, to, reason }) => `Mode ${from} → ${to}: ${reason}`,
  outage: (event, { time, span, isOut }) => {
    const { key, time: from, until, tries, reason, isByHand } = event;
    const end = until === null ? "" : ` until ${time(until)} (${span(from, until)})`;
    const is = until === null && isOut(key) ? "is" : "was";
    return isByHand
      ? `${key} ${is} blocked manually${end}${triedWords(tries)}`
      : `${key} ${is} failing${end}${triedWords(tries)}: ${reason}`;
  },
  retries: ({ host, failure, count: times, until }, { time }) =>
    `${times} ${count(times, "retry", "retries")} of ${host === "" ? "the API" : host}: ${failure}` +
    (times > 1 ? `, last at ${time(until)}` : ""),
  alert: ({ rule, state, summary }) =>
    state === "resolved" ? `Alert resolved: ${rule}` : `Alert: ${summary === "" ? rule : summary}`,
  warning: ({ message, count: times }) => times > 1 ? `${message} (${times} times)` : message,
};

/** All that is said of a status, in English. */
export const english = {
  /** A text of the document, which has it in English and, if it is known, in Japanese. */
  choose: (text: string, _ja: string | null): { readonly text: string; readonly lang: "en" | null } => ({
    text,
    lang: null,
  }),
  /** Texts about a problem that replace those of the document. */
  problem: (_status: Pick<StatusDocument, "ja">, _name: string | null): ProblemText | null => null,
  throughput: "Throughput",
  mode: "Engine mode",
  alerts: "Alerts",
  breakers: "Hosts",
  downloads: "Downloads",
  failures: "Failures",
  events: "Events",
  noEvents: "Nothing happened in the last 24 hours.",
  totals: "Library and machine",
  noAlerts: "No alert is pending or firing.",
  noBreakers: "No host has been called yet.",
  noDownloads: "Nothing is being downloaded. New downloads appear here by themselves.",
  noFailures: "Nothing failed in the last 24 hours.",
  spark: (speed: string, peak: string) => `Curve of the throughput: now ${speed}, peak ${peak}`,
  ago: (duration: string) => `${duration} ago`,
  peak: (speed: string) => `Peak ${speed}`,
  modes: {
    turbo: "several files, in segments",
    parallel: "several files at once",
    resilient: "one file, retries and resume",
    stable: "one file after another",
    paused: "all downloads wait",
  },
  now: "now",
  ceiling: "ceiling",
  since: (time: string, duration: string) => `Since ${time} (${duration})`,
  nextCheck: (time: string, left: string) => `next check at ${time}, in ${left}`,
  severity: { critical: "Critical", warning: "Warning", info: "Info" } as Readonly<Record<string, string>>,
  alertState: { pending: "Pending", firing: "Firing", resolved: "Resolved" },
  pastAlert: (summary: string) => summary,
  alertSince: (state: string, time: string, duration: string) => `${state} since ${time} (${duration})`,
  undelivered: "Notifications without a confirmation",
  undeliveredState: { waiting: "Not delivered", unanswered: "No answer" },
  sentAgain: (time: string) => `It is sent again at ${time}.`,
  mayHaveArrived: "It was sent and may have arrived, so it is not sent again for that.",
  value: (value: string) => `Value ${value}`,
  noData: "No data",
  runbook: "Runbook",
  runbookOf: (rule: string) => `Runbook of ${rule}`,
  hostState: {
    working: "Working",
    unused: "Not in use",
    slow: "Slow",
    someFail: "Some calls fail",
    silent: "No bytes",
    failing: "Failing",
    tried: "Being tried",
    blocked: "Blocked",
  },
  breakerCalls: (failures: string, calls: number) =>
    calls === 0 ? "no calls in the last minute" : `${failures} of ${calls} calls failed`,
  speedOf: ({ kind, current, usual }: Speed, format: Format) =>
    kind === "answer"
      ? `Answers in ${answerTime(current, format)}, usually in ${answerTime(usual, format)}`
      : `${format.speed(current)} for each connection, usually ${format.speed(usual)}`,
  limitOf: ({ value, ceiling, reason }: Limit, changed: string) =>
    `${value} of ${ceiling} ${count(ceiling, "connection", "connections")}${limitWords(reason)}${
      changed === "" ? "" : `, since ${changed}`
    }`,
  opensAgain: (time: string, left: string) => `tries again at ${time}, in ${left}`,
  triesNext: "the next request tries it again",
  waits: "waiting",
  waitsFor: (reason: string) => `Waiting: ${reason}`,
  connections: (number: number) => `${number} ${count(number, "connection", "connections")}`,
  ofTotal: (done: string, total: string) => `${done} of ${total}`,
  left: (duration: string) => `${duration} left`,
  progressOf: (name: string) => `Progress of ${name}`,
  unknownHost: "host not known yet",
  remedy: "What to do:",
  tones: { bad: "Trouble", warn: "Attention", busy: "Working", good: "Working", idle: "Idle" },
  allWell: ", all quiet",
  modeIs: (mode: string) => `mode ${mode}`,
  lastRun: (last: StatusLastRun | null, { time, count: number }: Sayings) => {
    if (last === null) return "no run yet";
    if (last.endedAt === null) return `last run was killed; it began at ${time(last.startedAt)}`;
    return `last run ended at ${time(last.endedAt)}: ${endWords(last, number)}`;
  },
  filesOf: (done: string, all: string) => `${done} of ${all} files`,
  failedSoFar: (_: number, text: string) => `${text} failed so far`,
  runProgress: "Progress of the run",
  more: (number: number) => `${number} more`,
  andMore: (_: number, text: string) => `and ${text} more`,
  fileCount: (number: number, text: string) => `${text} ${count(number, "file", "files")}`,
  failedFiles: (number: number, files: string, tries: string) =>
    number === 0 ? `${tries} times` : `${files} ${count(number, "file", "files")}`,
  whichFiles: (number: number, text: string) => number === 1 ? "Which file" : `Which of the ${text} files`,
  findings,
  happened,
  /** Why a run ended; empty if it ended well. */
  endReason: (run: Omit<StatusLastRun, "command" | "left">, sayings: Pick<Sayings, "time" | "problem">): string =>
    endReason(run, sayings),
  files: "Files",
  size: "Size",
  states: {
    done: "Done",
    planned: "Planned",
    deferred: "Early access",
    refused: "Not available",
    failed: "Failed",
    corrupted: "Damaged",
  },
  noLibrary: "No catalog yet",
  library: "Library",
  disk: "Disk",
  unknownForNow: "not known until the library is back",
  diskUse: (percent: string, free: string) => `${percent} used, ${free} free`,
  memory: "Memory",
  processes: "Processes",
  checks: "Checks by the monitor",
  checked: (failing: readonly string[], time: string) =>
    `${failing.length === 0 ? "none fails" : failing.join(", ")}; last checked ${time}`,
  monitorSince: (time: string, duration: string) => `The monitor has been running since ${time} (${duration}).`,
  sourceIs: (machine: string, library: string) => `Machine ${machine}, library ${library}.`,
  newsAlert: (
    { severity, rule, summary }: { readonly severity: string; readonly rule: string; readonly summary: string },
  ) => `${severity}: ${rule}. ${summary}.`,
  newsResolved: (rule: string) => `Resolved: ${rule}.`,
  newsMode: (mode: string, reason: string) => `Engine mode is now ${mode}: ${reason}.`,
};

/** All that is said of a status. */
export type StatusWords = typeof english;
