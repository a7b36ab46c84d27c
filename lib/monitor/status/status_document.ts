/** A rung of the ladder that the downloader's failsafe climbs, from the fastest to the one that waits for a person. */
export type StatusRung = "turbo" | "parallel" | "resilient" | "stable" | "paused";

/** The rung that the downloader stands on, and why. */
export interface StatusEngineMode {
  /** The rung. */
  readonly name: StatusRung;
  /** Since when, as ISO 8601. */
  readonly since: string;
  /** Why it stands there, one sentence. */
  readonly reason: string;
  /** The highest rung that it may climb to: what the user asked for, or what the environment allows. */
  readonly ceiling: StatusRung;
  /** When it next decides whether to climb, as ISO 8601; `null` when nothing is planned. */
  readonly nextCheck: string | null;
}

/** One circuit breaker. */
export interface StatusBreaker {
  /** What it guards: a host, or `disk`. */
  readonly key: string;
  /** Whether it lets calls through: all, a few probes, or none. */
  readonly state: "closed" | "half-open" | "open";
  /** Since when it is in this state, as ISO 8601. */
  readonly since: string;
  /** Until when it refuses calls, as ISO 8601; `null` unless it is open. */
  readonly until: string | null;
  /** Why it opened; `null` if it did not. */
  readonly reason: string | null;
  /** Failed calls of its window. */
  readonly failures: number;
  /** All calls of its window. */
  readonly calls: number;
}

/** Why a file waits. */
export interface StatusWaiting {
  /** A class of failure after a try that failed; the breaker's or the mode's reason, a sentence, otherwise. */
  readonly reason: string;
  /** Until when, ISO 8601; `null` if nobody knows. */
  readonly until: string | null;
}

/** One file that is on its way. */
export interface StatusDownload {
  /** Where it will stand, relative to the library. */
  readonly path: string;
  /** Who sends it; `null` before that is known. */
  readonly host: string | null;
  /** What is there of it. */
  readonly bytes: number;
  /** How large it will be; `null` if nobody said. */
  readonly totalBytes: number | null;
  /** How fast it comes, in bytes a second. */
  readonly bytesPerSecond: number;
  /** How many connections bring it. */
  readonly connections: number;
  /** Why nothing comes; `null` while it does, or is about to. */
  readonly waiting: StatusWaiting | null;
}

/** How far the runs are, all processes together. */
export interface StatusRun {
  /** `listing` until a plan stands. */
  readonly phase: "listing" | "fetching";
  /** What is listed now; `null` when nothing is. */
  readonly target: string | null;
  /** Models that were listed. */
  readonly listedModels: number;
  /** Files that the plan wants. */
  readonly files: number;
  /** Their bytes, as they were stated. */
  readonly bytes: number;
  /** Files that are done, or ended with a named outcome such as early access. */
  readonly doneFiles: number;
  /** Bytes that are there. */
  readonly doneBytes: number;
  /** Files that failed in this pass; they are tried again in the next. */
  readonly failedFiles: number;
  /** How long the rest takes at the speed of the last minute, in milliseconds; `null` while nothing comes. */
  readonly leftMs: number | null;
}

/** What all downloads bring together. */
export interface StatusThroughput {
  /** How fast it comes, in bytes a second. */
  readonly bytesPerSecond: number;
  /** Bytes a second of the last ticks, at most 120, the newest last. */
  readonly history: readonly number[];
  /** How far the points of `history` are apart; without it the page does not say how long ago the first one is. */
  readonly tickMs?: number;
}

/** One alert that is not over, or not long. */
export interface StatusAlert {
  /** The name of the rule. */
  readonly rule: string;
  /** `critical`, `warning`, or what the rule says. */
  readonly severity: string;
  /** Whether it waits for its time, is on, or is over. */
  readonly state: "pending" | "firing" | "resolved";
  /** Since when it is in this state, as ISO 8601. */
  readonly since: string;
  /** What was measured; `null` without data. */
  readonly value: number | null;
  /** What was measured, in its unit, such as `2.19 %`; `null` when nobody said. */
  readonly valueText: string | null;
  /** What is wrong, one sentence. */
  readonly summary: string;
  /** What to do, a sentence or two; `null` if the rule does not say. */
  readonly remedy: string | null;
  /** Where more of it stands: an `https:` address, or a path; `null` if nowhere. */
  readonly runbook: string | null;
}

/** One failure of the near past. */
export interface StatusFailure {
  /** When, as ISO 8601. */
  readonly time: string;
  /** The file, relative to the library. */
  readonly path: string;
  /** The class of failure. */
  readonly class: string;
  /** What happened. */
  readonly message: string;
  /** What to do about it, or an empty text. */
  readonly remedy: string;
}

/** Failures of one kind, of files that are still not there. */
export interface StatusFailureGroup {
  /** The class of failure. */
  readonly class: string;
  /** What happened last, one sentence. */
  readonly message: string;
  /** What to do about it, or an empty text. */
  readonly remedy: string;
  /** How many files. */
  readonly files: number;
  /** How many tries. */
  readonly tries: number;
  /** When it was seen first, ISO 8601. */
  readonly since: string;
  /** When it was seen last, ISO 8601. */
  readonly time: string;
  /** The last files, 20 at most, the newest first, relative to the library. */
  readonly paths: readonly string[];
}

/** Something that happened, told by a log. `time` is when it happened or began, ISO 8601. */
export type StatusEvent =
  | { readonly type: "run"; readonly time: string; readonly files: number; readonly bytes: number }
  | {
    readonly type: "end";
    readonly time: string;
    /** Files that are done or were there already, and files that failed. */
    readonly done: number;
    readonly failed: number;
    readonly fetchedBytes: number;
    readonly durationMs: number;
  }
  | {
    readonly type: "mode";
    readonly time: string;
    readonly from: string;
    readonly to: string;
    readonly reason: string;
  }
  | {
    /** A host that was left alone; `until` is when it was well again, `null` while it is not. */
    readonly type: "outage";
    readonly time: string;
    readonly until: string | null;
    readonly key: string;
    readonly reason: string;
    /** How often it was tried in vain. */
    readonly tries: number;
  }
  | {
    /** Tries of one host that failed for one reason; `until` is the last. */
    readonly type: "retries";
    readonly time: string;
    readonly until: string;
    /** Empty for the API. */
    readonly host: string;
    readonly failure: string;
    readonly count: number;
  }
  | {
    readonly type: "alert";
    readonly time: string;
    readonly rule: string;
    readonly severity: string;
    readonly state: "firing" | "resolved";
    readonly summary: string;
  }
  | {
    readonly type: "warning";
    readonly time: string;
    readonly until: string;
    readonly message: string;
    readonly count: number;
  };

/** Whose state it is. */
export interface StatusSource {
  /** The name of the machine that the monitor runs on. */
  readonly machine: string;
  /** The library's folder. */
  readonly library: string;
}

/** What the library holds. */
export interface StatusLibrary {
  /** How many files are there. */
  readonly files: number;
  /** How many bytes they have together. */
  readonly bytes: number;
  /** Rows of the catalog by their state. */
  readonly byState: Readonly<Record<string, number>>;
}

/**
 * What the monitor knows at one moment: plain JSON, the answer of `/api/status` and the data of each event. Fields may
 * be added within a version; none is taken away and none changes its meaning.
 */
export interface StatusDocument {
  /** What this is. */
  readonly schema: "civitai-dl/status";
  /** Of the schema. */
  readonly version: 1;
  /** The moment, as ISO 8601. */
  readonly time: string;
  /** When the monitor started, as ISO 8601. */
  readonly startedAt: string;
  /** The machine and the library. */
  readonly source: StatusSource;
  /** The rung that the downloader stands on. */
  readonly mode: StatusEngineMode;
  /** How far the runs are; `null` while no process tells. */
  readonly run: StatusRun | null;
  /** All circuit breakers that have seen a call. */
  readonly breakers: readonly StatusBreaker[];
  /** The files that are on their way. */
  readonly downloads: readonly StatusDownload[];
  /** What they bring together. */
  readonly throughput: StatusThroughput;
  /** Alerts that are not over, or not long. */
  readonly alerts: readonly StatusAlert[];
  /** The last 20, the newest first. */
  readonly failures: readonly StatusFailure[];
  /** Failures of the last 24 hours whose files did not come since, by kind, the newest first. */
  readonly failureGroups: readonly StatusFailureGroup[];
  /** What happened in the last 24 hours, the newest first, 60 at most. */
  readonly events: readonly StatusEvent[];
  /** `null` if there is no catalog yet. */
  readonly library: StatusLibrary | null;
  /** The disk that the library stands on. */
  readonly disk: { readonly usedPercent: number; readonly freeBytes: number };
  /** Of all processes together. */
  readonly memory: { readonly rssBytes: number };
  /** How many processes of the downloader run. */
  readonly processes: number;
}
