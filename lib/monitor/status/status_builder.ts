import type { ActiveProcess } from "./read_active.ts";
import type {
  StatusAlert,
  StatusBreaker,
  StatusDocument,
  StatusDownload,
  StatusEngineMode,
  StatusEvent,
  StatusFailure,
  StatusFailureGroup,
  StatusLibrary,
  StatusRun,
  StatusSource,
  StatusWaiting,
} from "./status_document.ts";

/** What a status is made of. */
export interface StatusInputs {
  /** The moment, milliseconds since the epoch. */
  readonly now: number;
  /** When the monitor started, milliseconds since the epoch. */
  readonly startedAt: number;
  /** The machine and the library. */
  readonly source: StatusSource;
  /** Of the failsafe; `null` when no download ever ran here. */
  readonly mode: StatusEngineMode | null;
  /** Of the failsafe. */
  readonly breakers: readonly StatusBreaker[];
  /** The processes that download. */
  readonly processes: readonly ActiveProcess[];
  /** Throughput of the last ticks, oldest first. */
  readonly history: readonly number[];
  /** In any order; those that are over and recent too. */
  readonly alerts: readonly StatusAlert[];
  /** Newest first. */
  readonly failures: readonly StatusFailure[];
  /** Newest first. */
  readonly failureGroups: readonly StatusFailureGroup[];
  /** Newest first. */
  readonly events: readonly StatusEvent[];
  /** What the catalog counts; `null` when there is none. */
  readonly library: StatusLibrary | null;
  /** Of the library's disk. */
  readonly disk: { readonly usedPercent: number; readonly freeBytes: number };
  /** The memory of all processes together; 0 when none is known. */
  readonly rssBytes: number;
  /** From one value of `history` to the next, in milliseconds. */
  readonly tickMs: number;
}

/** Those that need somebody come first. */
const STATES = ["firing", "pending", "resolved"];
const MAX_FAILURES = 20;
const MAX_HISTORY = 120;
const MAX_EVENTS = 60;
/** The speed for what is left is taken over so long, in milliseconds: a jump of a second is no news. */
const SPEED_MS = 60_000;

/**
 * Put a status together.
 *
 * @param inputs What is known
 * @returns The document, with numbers that JSON can hold
 */
export function buildStatus(inputs: StatusInputs): StatusDocument {
  const { now, startedAt, processes, alerts, failures, library, disk, rssBytes } = inputs;
  const time = new Date(now).toISOString();
  const started = new Date(startedAt).toISOString();
  const mode = inputs.mode ?? firstMode(started);
  const downloads = processes.flatMap((process) => process.downloads);
  return {
    schema: "civitai-dl/status",
    version: 1,
    time,
    startedAt: started,
    source: inputs.source,
    mode,
    run: sumRuns(inputs),
    breakers: inputs.breakers.toSorted((a, b) => rank(a) - rank(b) || compare(a.key, b.key)),
    downloads: downloads.map((file) => ({ ...file, waiting: whyWaiting(file, mode, inputs) })).toSorted((a, b) =>
      (b.totalBytes ?? 0) - (a.totalBytes ?? 0) || compare(a.path, b.path)
    ),
    throughput: {
      bytesPerSecond: finite(processes.reduce((sum, process) => sum + process.bytesPerSecond, 0)),
      history: inputs.history.slice(-MAX_HISTORY),
      tickMs: inputs.tickMs,
    },
    alerts: alerts.map((alert) => ({ ...alert, value: Number.isFinite(alert.value) ? alert.value : null }))
      .toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || compare(a.since, b.since)),
    failures: failures.slice(0, MAX_FAILURES),
    failureGroups: inputs.failureGroups,
    events: inputs.events.slice(0, MAX_EVENTS).map((event) => closeOutage(event, inputs.breakers)),
    library,
    disk: { usedPercent: finite(disk.usedPercent), freeBytes: finite(disk.freeBytes) },
    memory: { rssBytes: finite(rssBytes) },
    processes: processes.length,
  };
}

/** Why nothing comes of a file: its own failed try, the breaker of its host, or a pause. */
function whyWaiting(file: StatusDownload, mode: StatusEngineMode, inputs: StatusInputs): StatusWaiting | null {
  if (file.bytesPerSecond > 0) return null;
  const isAhead = (until: string | null): boolean => until !== null && Date.parse(until) > inputs.now;
  const breaker = inputs.breakers.find(({ key, state }) => key === file.host && state === "open");
  if (breaker !== undefined && isAhead(breaker.until)) {
    return { reason: breaker.reason ?? "its host is left alone", until: breaker.until };
  }
  if (mode.name === "paused") return { reason: mode.reason, until: isAhead(mode.nextCheck) ? mode.nextCheck : null };
  return file.waiting !== null && isAhead(file.waiting.until) ? file.waiting : null;
}

/** Several processes work on one library as one. */
function sumRuns({ processes, history, tickMs }: StatusInputs): StatusRun | null {
  const runs = processes.flatMap(({ run }) => run ?? []);
  if (runs.length === 0) return null;
  const sum = (field: "listedModels" | "files" | "bytes" | "doneFiles" | "doneBytes" | "failedFiles"): number =>
    runs.reduce((total, run) => total + run[field], 0);
  const listing = runs.find(({ phase }) => phase === "listing");
  const counts = {
    listedModels: sum("listedModels"),
    files: sum("files"),
    bytes: sum("bytes"),
    doneFiles: sum("doneFiles"),
    doneBytes: sum("doneBytes"),
    failedFiles: sum("failedFiles"),
  };
  const isFetching = runs.some(({ phase }) => phase === "fetching");
  const speed = meanSpeed(processes, history.slice(-Math.floor(SPEED_MS / tickMs) || history.length));
  const rest = counts.bytes - counts.doneBytes;
  return {
    phase: isFetching ? "fetching" : "listing",
    target: listing?.target ?? null,
    ...counts,
    leftMs: speed > 0 && rest > 0 && listing === undefined ? Math.round(rest / speed * 1000) : null,
  };
}

/** Bytes a second over the last minute; 0 when nothing comes now, whatever came before. */
function meanSpeed(processes: readonly ActiveProcess[], recent: readonly number[]): number {
  const now = processes.reduce((sum, process) => sum + process.bytesPerSecond, 0);
  if (!(now > 0)) return 0;
  return [...recent, now].reduce((sum, value) => sum + value, 0) / (recent.length + 1);
}

/** The end of an outage may stand in no log: a breaker was closed by hand, or the log was rotated away. */
function closeOutage(event: StatusEvent, breakers: readonly StatusBreaker[]): StatusEvent {
  if (event.type !== "outage" || event.until !== null) return event;
  const breaker = breakers.find(({ key }) => key === event.key);
  return breaker?.state === "closed" ? { ...event, until: breaker.since } : event;
}

/** Those that keep calls back come first. */
function rank(breaker: StatusBreaker): number {
  return ["open", "half-open", "closed"].indexOf(breaker.state);
}

/** The mode when nobody has said one: the boldest, as a first run would have it. */
function firstMode(since: string): StatusEngineMode {
  return { name: "turbo", since, reason: "No download has run here yet", ceiling: "turbo", nextCheck: null };
}

/** JSON has no other numbers. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
