import type { ActiveProcess } from "./read_active.ts";
import type {
  StatusAlert,
  StatusBreaker,
  StatusDocument,
  StatusEngineMode,
  StatusFailure,
  StatusLibrary,
} from "./status_document.ts";

/** What a status is made of. */
export interface StatusInputs {
  /** The moment, milliseconds since the epoch. */
  readonly now: number;
  /** When the monitor started, milliseconds since the epoch. */
  readonly startedAt: number;
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
    ...{ schema: "civitai-dl/status", version: 1, time, startedAt: started, mode },
    breakers: inputs.breakers.toSorted((a, b) => rank(a) - rank(b) || compare(a.key, b.key)),
    downloads: downloads.toSorted((a, b) => (b.totalBytes ?? 0) - (a.totalBytes ?? 0) || compare(a.path, b.path)),
    throughput: {
      bytesPerSecond: finite(processes.reduce((sum, process) => sum + process.bytesPerSecond, 0)),
      history: inputs.history.slice(-MAX_HISTORY),
      tickMs: inputs.tickMs,
    },
    alerts: alerts.map((alert) => ({ ...alert, value: Number.isFinite(alert.value) ? alert.value : null }))
      .toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || compare(a.since, b.since)),
    failures: failures.slice(0, MAX_FAILURES),
    library,
    disk: { usedPercent: finite(disk.usedPercent), freeBytes: finite(disk.freeBytes) },
    memory: { rssBytes: finite(rssBytes) },
    processes: processes.length,
  };
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
