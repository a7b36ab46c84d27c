import type { UndeliveredNotification } from "../../alerts/mod.ts";
import { compareText, type DiskUsage } from "../../base/mod.ts";
import { isProblemId, PROBLEMS, type ProblemText } from "../../problems/mod.ts";
import type { ActiveProcess } from "../library/read_active.ts";
import { HOST_FAILURES } from "./recent_failures.ts";
import type { ActiveHost, ActiveSilence, RunRecord } from "../../library/mod.ts";
import type { LibraryOutlook } from "../library/observe_library.ts";
import {
  LAST_RUN_FIELDS,
  type StatusAlert,
  type StatusBreaker,
  type StatusChecks,
  type StatusCurrentRun,
  type StatusDamage,
  type StatusDocument,
  type StatusDownload,
  type StatusEngineMode,
  type StatusEvent,
  type StatusFailure,
  type StatusFailureGroup,
  type StatusGone,
  type StatusLastRun,
  type StatusLibrary,
  type StatusRun,
  type StatusSource,
  type StatusWaiting,
} from "../../status/mod.ts";

/** The inputs of {@linkcode buildStatus}. */
export interface StatusInputs {
  /** The current time, milliseconds since the epoch. */
  readonly now: number;
  /** When the monitor started, milliseconds since the epoch. */
  readonly startedAt: number;
  /** The machine and the library. */
  readonly source: StatusSource;
  /** The mode of the failsafe; `null` if no download has ever run here. */
  readonly mode: StatusEngineMode | null;
  /** The circuit breakers of the failsafe, in any order. */
  readonly breakers: readonly StatusBreaker[];
  /** The downloading processes, as {@linkcode readActive} returns them. */
  readonly processes: readonly ActiveProcess[];
  /** Throughput of the last ticks in bytes per second, oldest first. */
  readonly history: readonly number[];
  /** Alerts in any order, including those that were resolved recently. */
  readonly alerts: readonly StatusAlert[];
  /** Notifications that a receiver has not confirmed, the oldest first. */
  readonly undelivered: readonly UndeliveredNotification[];
  /** Recent failures, newest first. */
  readonly failures: readonly StatusFailure[];
  /** Recent failures by kind, newest first. */
  readonly failureGroups: readonly StatusFailureGroup[];
  /** Recent events, newest first. */
  readonly events: readonly StatusEvent[];
  /** The counts of the catalog; `null` if there is none. */
  readonly library: StatusLibrary | null;
  /** What the runs of the library and its disk say; `null` before the first look. */
  readonly outlook: LibraryOutlook | null;
  /** Why the library is not in its folder; `null` if it is there. */
  readonly gone: StatusGone | null;
  /** Why the catalog cannot be read; `null` if it can. */
  readonly damage: StatusDamage | null;
  /** The last round of checks; `null` if there was none. */
  readonly checks: StatusChecks | null;
  /** Usage of the library's disk; `null` if it is not known. */
  readonly disk: DiskUsage | null;
  /** Memory of the largest process, in bytes; `null` if unknown. */
  readonly rssBytes: number | null;
  /** How the reader starts commands, by their names. */
  readonly commands: Readonly<Record<string, string>>;
  /** Time between the values of `history`, in milliseconds. */
  readonly tickMs: number;
}

/** The order of alerts: those that need attention come first. */
const STATES = ["firing", "pending", "resolved"];
const MAX_FAILURES = 20;
const MAX_UNDELIVERED = 20;
const MAX_HISTORY = 120;
const MAX_EVENTS = 60;
/** Time without another failure after which a host that sends bytes is well again, in milliseconds. */
const WELL_AGAIN_MS = 30_000;
/**
 * Window over which the rate for `leftMs` is averaged, in milliseconds, so that a jump of one second has little effect.
 */
const SPEED_MS = 60_000;

/**
 * Build a status document.
 *
 * @returns The document; numbers that JSON cannot represent become 0 or `null`
 */
export function buildStatus(inputs: StatusInputs): StatusDocument {
  const { now, startedAt, processes, alerts, failures, library, disk, rssBytes } = inputs;
  const time = new Date(now).toISOString();
  const started = new Date(startedAt).toISOString();
  const mode = inputs.mode ?? firstMode(started);
  const downloads = processes.flatMap((process) => process.downloads);
  const document = {
    schema: "civitai-dl/status",
    version: 1,
    time,
    startedAt: started,
    source: inputs.source,
    mode,
    run: sumRuns(inputs),
    breakers: inputs.breakers.toSorted((a, b) => rank(a) - rank(b) || compareText(a.key, b.key)),
    hosts: joinHosts(processes),
    downloads: downloads.map((file) => ({ ...file, waiting: whyWaiting(file, mode, inputs) })).toSorted((a, b) =>
      (b.totalBytes ?? 0) - (a.totalBytes ?? 0) || compareText(a.path, b.path)
    ),
    throughput: {
      bytesPerSecond: finite(processes.reduce((sum, process) => sum + process.bytesPerSecond, 0)),
      history: inputs.history.slice(-MAX_HISTORY),
      tickMs: inputs.tickMs,
    },
    silence: longestSilence(processes),
    alerts: alerts.map((alert) => ({
      ...alert,
      value: Number.isFinite(alert.value) ? alert.value : null,
    }))
      .toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || compareText(a.since, b.since)),
    undelivered: inputs.undelivered.slice(0, MAX_UNDELIVERED),
    failures: failures.slice(0, MAX_FAILURES),
    failureGroups: inputs.failureGroups.map((group) => ({
      ...group,
      isOver: group.isOver || flowsAgain(group, inputs),
    })),
    events: inputs.events.slice(0, MAX_EVENTS).map((event) => closeOutage(event, inputs.breakers)),
    library,
    gone: inputs.gone,
    damage: inputs.damage,
    checks: inputs.checks,
    disk: {
      usedPercent: disk === null ? null : finite(disk.usedPercent),
      freeBytes: disk === null ? null : finite(disk.freeBytes),
      reserveBytes: inputs.outlook?.reserveBytes ?? null,
      fullInSeconds: inputs.outlook?.fullInSeconds ?? null,
    },
    reserve: inputs.outlook?.reserveReached ?? null,
    currentRun: toCurrentRun(inputs.outlook?.runs.running ?? null),
    lastRun: toLastRun(inputs.outlook?.runs.last ?? null),
    failedRun: toLastRun(inputs.outlook?.runs.failed ?? null),
    memory: { rssBytes: rssBytes !== null && Number.isFinite(rssBytes) ? rssBytes : null },
    commands: inputs.commands,
    processes: processes.length,
  } as const;
  return { ...document, ja: { problems: describeProblems(document) } };
}

/** The Japanese texts of all problems that a document names. */
function describeProblems(
  { failures, failureGroups, events, lastRun, failedRun }: Omit<StatusDocument, "ja">,
): Readonly<Record<string, ProblemText>> {
  const named = [
    ...[...failures, ...failureGroups].map((failure) => failure.class),
    ...[lastRun, failedRun].flatMap((run) => [run?.cause, run?.failure]),
    ...events.map(problemOf),
  ];
  // How a command ended is no name of a problem.
  const ids = named.filter(isProblemId).filter((id) => PROBLEMS[id].page !== "exit-codes");
  return Object.fromEntries(ids.map((id) => [id, PROBLEMS[id].ja]));
}

function problemOf(event: StatusDocument["events"][number]): string | null {
  if (event.type === "retries") return event.failure;
  if (event.type === "warning") return event.problem;
  return event.type === "end" ? event.cause : null;
}

function toCurrentRun(run: RunRecord | null): StatusCurrentRun | null {
  return run === null ? null : { command: run.command, startedAt: run.startedAt };
}

function toLastRun(run: RunRecord | null): StatusLastRun | null {
  if (run === null || run.state === "running") return null;
  return Object.fromEntries(LAST_RUN_FIELDS.map((field) => [field, run[field]])) as unknown as StatusLastRun;
}

/** Whether bytes arrive and a failing host has not failed for a while: a large file takes long to be done. */
function flowsAgain({ class: failure, time }: StatusFailureGroup, { processes, now }: StatusInputs): boolean {
  const flows = processes.some(({ bytesPerSecond }) => bytesPerSecond > 0);
  return HOST_FAILURES.has(failure) && flows && now - Date.parse(time) >= WELL_AGAIN_MS;
}

/** The longest silence of several processes. */
export function longestSilence(processes: readonly Pick<ActiveProcess, "silence">[]): ActiveSilence | null {
  return processes.flatMap(({ silence }) => silence ?? []).toSorted((a, b) => b.ms - a.ms)[0] ?? null;
}

const BLOCKED = {
  reason: "no requests are sent to its host",
  ja: { reason: "ホストへの接続を一時的に止めています" },
} as const;

/** Why no bytes of a file arrive: the breaker of its host, a pause, or its last failed attempt, in this order. */
function whyWaiting(file: StatusDownload, mode: StatusEngineMode, inputs: StatusInputs): StatusWaiting | null {
  if (file.bytesPerSecond > 0) return null;
  const isAhead = (until: string | null): boolean => until !== null && Date.parse(until) > inputs.now;
  const breaker = inputs.breakers.find(({ key, state }) => key === file.host && state === "open");
  if (breaker !== undefined && isAhead(breaker.until)) {
    const { reason, ja, until } = breaker;
    return { ...reason === null ? BLOCKED : { reason, ja: { reason: ja.reason } }, until };
  }
  if (mode.name === "paused") {
    return { reason: mode.reason, ja: mode.ja, until: isAhead(mode.nextCheck) ? mode.nextCheck : null };
  }
  return file.waiting !== null && isAhead(file.waiting.until) ? file.waiting : null;
}

/**
 * Join what all processes say about each host: the worst ratio and limit count.
 *
 * @returns One entry for each host; slow hosts come first
 */
export function joinHosts(processes: readonly ActiveProcess[]): readonly ActiveHost[] {
  const byHost = Map.groupBy(processes.flatMap(({ hosts }) => hosts), ({ host }) => host);
  const ratioOf = ({ speed }: ActiveHost): number => speed?.ratio ?? Infinity;
  const joined = [...byHost.values()].map((readings) => {
    const worst = readings.reduce((first, next) => ratioOf(next) < ratioOf(first) ? next : first);
    const slow = readings.flatMap(({ slowSince }) => slowSince ?? []).toSorted();
    const limit = readings.map((reading) => reading.limit).reduce((low, next) => next.value < low.value ? next : low);
    return { ...worst, slowSince: slow[0] ?? null, limit };
  });
  const isSlow = ({ slowSince }: ActiveHost): number => slowSince === null ? 1 : 0;
  return joined.toSorted((a, b) => isSlow(a) - isSlow(b) || compareText(a.host, b.host));
}

/** Add up the progress of all processes that work on the library; `null` if none reports any. */
function sumRuns({ processes, history, tickMs }: StatusInputs): StatusRun | null {
  const runs = processes.flatMap(({ run }) => run ?? []);
  if (runs.length === 0) return null;
  const sum = (field: "listedModels" | "files" | "bytes" | "doneFiles" | "doneBytes" | "failedFiles"): number =>
    runs.reduce((total, run) => total + run[field], 0);
  const listing = runs.find(({ activity }) => activity === "listing");
  const counts = {
    listedModels: sum("listedModels"),
    files: sum("files"),
    bytes: sum("bytes"),
    doneFiles: sum("doneFiles"),
    doneBytes: sum("doneBytes"),
    failedFiles: sum("failedFiles"),
  };
  const isFetching = runs.some(({ activity }) => activity === "fetching");
  const speed = meanSpeed(processes, history.slice(-Math.floor(SPEED_MS / tickMs) || history.length));
  const rest = counts.bytes - counts.doneBytes;
  return {
    activity: isFetching ? "fetching" : "listing",
    target: listing?.target ?? null,
    ...counts,
    leftMs: speed > 0 && rest > 0 && listing === undefined ? Math.round(rest / speed * 1000) : null,
  };
}

/** The mean rate of the last minute in bytes per second; 0 if no bytes arrive now, whatever the rate was before. */
function meanSpeed(processes: readonly ActiveProcess[], recent: readonly number[]): number {
  const now = processes.reduce((sum, process) => sum + process.bytesPerSecond, 0);
  if (!(now > 0)) return 0;
  return [...recent, now].reduce((sum, value) => sum + value, 0) / (recent.length + 1);
}

/**
 * Close an outage whose end is not found in any log, because the breaker was closed manually or the log was rotated
 * away.
 */
function closeOutage(event: StatusEvent, breakers: readonly StatusBreaker[]): StatusEvent {
  if (event.type !== "outage" || event.until !== null) return event;
  const breaker = breakers.find(({ key }) => key === event.key);
  return breaker?.state === "closed" ? { ...event, until: breaker.since } : event;
}

/** The order of breakers: those that block calls come first. */
function rank(breaker: StatusBreaker): number {
  return ["open", "half-open", "closed"].indexOf(breaker.state);
}

/** The mode before the first run: the fastest, in which a first run would start. */
function firstMode(since: string): StatusEngineMode {
  return {
    name: "turbo",
    since,
    reason: "No download has run here yet",
    ja: { reason: "このライブラリではまだダウンロードを実行していません" },
    ceiling: "turbo",
    isRising: false,
    hold: null,
    nextCheck: null,
  };
}

/** Replace `NaN` and infinities with 0: JSON cannot represent them. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
