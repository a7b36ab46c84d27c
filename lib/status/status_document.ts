import type { AlertStatusEntry, UndeliveredNotification } from "../alerts/mod.ts";
import type { ActiveDownload, ActiveHost, ActiveRun, ActiveSilence, RunRecord } from "../library/mod.ts";
import type { ProblemText } from "../problems/mod.ts";

/** A mode of the failsafe, from the fastest profile to `paused`. */
export type StatusModeName = "turbo" | "parallel" | "resilient" | "stable" | "paused";

/** The current mode of the failsafe, and the reason for it. */
export interface StatusEngineMode {
  /** The mode. */
  readonly name: StatusModeName;
  /** When it was entered, ISO 8601. */
  readonly since: string;
  /** Why it was entered, one sentence. */
  readonly reason: string;
  /** The same for a Japanese reader. */
  readonly ja: { readonly reason: string };
  /** The fastest mode that is allowed: the profile that the user asked for, or the one that the environment allows. */
  readonly ceiling: StatusModeName;
  /** Whether its last step was one up, on the way back to the ceiling. */
  readonly isRising: boolean;
  /** When a mode that is held manually is released, ISO 8601 or `null` if never; `null` if none is held. */
  readonly hold: { readonly until: string | null } | null;
  /** When the failsafe next decides about a faster mode, ISO 8601; `null` if no decision is planned. */
  readonly nextCheck: string | null;
}

/** One circuit breaker. */
export interface StatusBreaker {
  /** What it guards: a host, or `disk`. */
  readonly key: string;
  /** Whether it lets calls through: all, a few probes, or none. */
  readonly state: "closed" | "half-open" | "open";
  /** When it entered this state, ISO 8601. */
  readonly since: string;
  /** Until when it blocks calls, ISO 8601; `null` unless it is open. */
  readonly until: string | null;
  /** Why it opened; `null` if it has not opened. */
  readonly reason: string | null;
  /** How the host fails, without figures; `null` if it does not, or a person blocked it. */
  readonly fault: string | null;
  /** Both for a Japanese reader. */
  readonly ja: { readonly reason: string | null; readonly fault: string | null };
  /** Number of failed calls in its window. */
  readonly failures: number;
  /** Number of all calls in its window. */
  readonly calls: number;
}

/** Why a file waits, and until when. */
export interface StatusWaiting {
  /** The class of failure after a failed attempt; otherwise the reason given by the breaker or the mode, a sentence. */
  readonly reason: string;
  /** The same for a Japanese reader; `null` for a class that the program does not know. */
  readonly ja: { readonly reason: string | null };
  /** When it continues, ISO 8601; `null` if unknown. */
  readonly until: string | null;
}

/** One file that is being downloaded. */
export interface StatusDownload extends ActiveDownload {
  /** Why no bytes arrive; `null` while they do, or are about to. */
  readonly waiting: StatusWaiting | null;
}

/** Progress of the runs, all processes together. */
export interface StatusRun extends ActiveRun {
  /** Time left at the rate of the last minute, in milliseconds; `null` while listing, or while no bytes arrive. */
  readonly leftMs: number | null;
}

/** Throughput of all downloads together. */
export interface StatusThroughput {
  /** Current rate of all downloads, in bytes per second. */
  readonly bytesPerSecond: number;
  /** Rates of up to 120 recent ticks, in bytes per second, newest last. */
  readonly history: readonly number[];
  /**
   * Time between the values of `history`, in milliseconds; without it the page does not show how old the first one is.
   */
  readonly tickMs?: number;
}

/** One alert that is active, or was resolved recently. */
export type StatusAlert = Omit<AlertStatusEntry, "labels" | "mutedBy" | "fingerprint">;

/** One recent failure. */
export interface StatusFailure {
  /** When it happened, ISO 8601. */
  readonly time: string;
  /** Path of the file, relative to the library; empty if the failure is not about a file. */
  readonly path: string;
  /** The class of failure. */
  readonly class: string;
  /** What happened. */
  readonly message: string;
  /** What to do about it; empty if unknown. */
  readonly remedy: string;
}

/** Failures of one kind, whose files are still missing. */
export interface StatusFailureGroup {
  /** The class of failure. */
  readonly class: string;
  /** The message of the last failure, one sentence. */
  readonly message: string;
  /** What to do about it; empty if unknown. */
  readonly remedy: string;
  /** Number of files. */
  readonly files: number;
  /** Number of failed attempts. */
  readonly tries: number;
  /** When the first failure happened, ISO 8601. */
  readonly since: string;
  /** When the last failure happened, ISO 8601. */
  readonly time: string;
  /**
   * Whether its cause is over: it is one that all files share, and a file has been downloaded since; or it is one of a
   * host, and bytes arrive without another failure.
   */
  readonly isOver: boolean;
  /** Whether nothing brings its files back, such as those that the site has removed. */
  readonly isFinal: boolean;
  /** Paths of up to 20 recent files, relative to the library, newest first. */
  readonly paths: readonly string[];
}

/** An event, as the logs record it. `time` is when it happened or began, ISO 8601. */
export type StatusEvent =
  | { readonly type: "run"; readonly time: string; readonly files: number; readonly bytes: number }
  | {
    readonly type: "end";
    readonly time: string;
    readonly command: string;
    readonly exitCode: number;
    /** Files that are done or were already present, files that failed, and files still to be fetched. */
    readonly done: number;
    readonly failed: number;
    readonly left: number;
    /** Class of failure or problem that ended it; `null` if it ended well. */
    readonly cause: string | null;
    /** Why it did not end well; `null` if it did. */
    readonly message: string | null;
    readonly fetchedBytes: number;
    readonly durationMs: number;
  }
  | {
    readonly type: "mode";
    readonly time: string;
    readonly from: string;
    readonly to: string;
    readonly reason: string;
    /** The reason for a Japanese reader; `null` if the log does not have it. */
    readonly ja: { readonly reason: string | null };
  }
  | {
    /** An outage of a host, from the opening of its breaker; `until` is when the breaker closed, `null` before that. */
    readonly type: "outage";
    readonly time: string;
    readonly until: string | null;
    readonly key: string;
    readonly reason: string;
    /** The reason for a Japanese reader; `null` if the log does not have it. */
    readonly ja: { readonly reason: string | null };
    /** Whether a person blocked the host, so that nothing is wrong with it. */
    readonly isByHand: boolean;
    /** How often a probe of the host failed. */
    readonly tries: number;
  }
  | {
    /** Attempts at one host that failed for one reason and were retried; `until` is the last. */
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
    /** The summary for a Japanese reader; `null` if the rule has none. */
    readonly ja: { readonly summary: string | null };
  }
  | {
    readonly type: "warning";
    readonly time: string;
    readonly until: string;
    /** The problem that it is about; `null` if it is about none of the table. */
    readonly problem: string | null;
    readonly message: string;
    readonly count: number;
  };

/** The machine and the library that the document describes. */
export interface StatusSource {
  /** The name of the machine that the monitor runs on. */
  readonly machine: string;
  /** The library's folder. */
  readonly library: string;
}

/** What a document says of a run that is over. */
export const LAST_RUN_FIELDS = [
  "command",
  "state",
  "startedAt",
  "endedAt",
  "exitCode",
  "done",
  "failed",
  "left",
  "leftBytes",
  "cause",
  "message",
  "hint",
  "again",
  "pause",
  "failure",
  "target",
  "keyOrigin",
] as const satisfies readonly (keyof RunRecord)[];

/** How a run ended, as the library recorded it. */
export type StatusLastRun = Pick<RunRecord, (typeof LAST_RUN_FIELDS)[number]>;

/** The disk that holds the library. */
export interface StatusDisk {
  /** Share of the disk that is in use, in percent; `null` if it is not known, as of a library that is gone. */
  readonly usedPercent: number | null;
  /** Free space, in bytes; `null` if it is not known. */
  readonly freeBytes: number | null;
  /** Bytes that downloads keep free; `null` before the first download. */
  readonly reserveBytes: number | null;
  /** Time until the disk is at its reserve at the rate at which it fills, in seconds; `null` if it does not fill. */
  readonly fullInSeconds: number | null;
}

/** A disk that has no room above its reserve. */
export interface ReserveReached {
  /** Files that the last download left. */
  readonly leftFiles: number;
  /** Their stated size, in bytes. */
  readonly leftBytes: number;
  /** Bytes to free so that all of them can be fetched; at least those that the reserve lacks. */
  readonly missingBytes: number;
}

/** A library that is not in its folder. */
export interface StatusGone {
  /** What was there and what is there now, one sentence. */
  readonly message: string;
  /** The same for a Japanese reader. */
  readonly ja: { readonly message: string };
  /** When it was last seen there, ISO 8601: within a second by a monitor, otherwise within an hour. */
  readonly lastSeen: string;
}

/** A catalog that cannot be read. */
export interface StatusDamage {
  /** What is wrong with it, one sentence. */
  readonly message: string;
}

/** A check of `doctor` that fails. */
export interface StatusFailingCheck {
  /** Its name, for `doctor --only`. */
  readonly name: string;
  /** The problem that it found; `null` if it has no entry in the table of problems. */
  readonly problem: string | null;
  /** What it found, one sentence. */
  readonly measured: string;
  /** The same for a Japanese reader. */
  readonly ja: { readonly measured: string };
  /** The very next command; `null` if none helps. */
  readonly remedy: string | null;
  /** Since when it fails, ISO 8601. */
  readonly since: string;
}

/** The last round of the checks that a monitor runs. */
export interface StatusChecks {
  /** When it was, ISO 8601. The command `status` knows the last round that found something else than the one before. */
  readonly checkedAt: string;
  /** The checks that fail. */
  readonly failing: readonly StatusFailingCheck[];
}

/** A run under way, as the library recorded its start. */
export type StatusCurrentRun = Pick<RunRecord, "command" | "startedAt">;

/** The content of the library, according to its catalog. */
export interface StatusLibrary {
  /** Number of files that are present. */
  readonly files: number;
  /** Total size of these files, in bytes. */
  readonly bytes: number;
  /** Number of items by their state. */
  readonly byState: Readonly<Record<string, number>>;
}

/**
 * The state of the downloader at one moment, as plain JSON: the response of `/api/v1/status`, and the data of each
 * server-sent event. Within a version, fields may be added; none is removed, and none changes its meaning.
 */
export interface StatusDocument {
  /** Identifies the document. */
  readonly schema: "civitai-dl/status";
  /** Version of the schema. */
  readonly version: 1;
  /** When the document was built, ISO 8601. */
  readonly time: string;
  /** When the monitor started, ISO 8601. */
  readonly startedAt: string;
  /** The machine and the library. */
  readonly source: StatusSource;
  /** The current mode of the failsafe. */
  readonly mode: StatusEngineMode;
  /** Progress of the runs; `null` while no process reports any. */
  readonly run: StatusRun | null;
  /** All circuit breakers that have counted a call. */
  readonly breakers: readonly StatusBreaker[];
  /** The hosts that running downloaders use, the slow ones first. */
  readonly hosts: readonly ActiveHost[];
  /** The files that are being downloaded. */
  readonly downloads: readonly StatusDownload[];
  /** Throughput of all downloads together. */
  readonly throughput: StatusThroughput;
  /** The longest silence of a process; `null` while bytes arrive or nothing waits for them. */
  readonly silence: ActiveSilence | null;
  /** Alerts that are active, or were resolved recently. */
  readonly alerts: readonly StatusAlert[];
  /** Notifications of alerts that a receiver has not confirmed, the oldest first. */
  readonly undelivered: readonly UndeliveredNotification[];
  /** The last 20 failures, newest first. */
  readonly failures: readonly StatusFailure[];
  /** Failures of the last 24 hours by kind, newest first, excluding files that have been downloaded since. */
  readonly failureGroups: readonly StatusFailureGroup[];
  /** Up to 60 events of the last 24 hours, newest first. */
  readonly events: readonly StatusEvent[];
  /** The content of the library; `null` if there is no catalog yet. */
  readonly library: StatusLibrary | null;
  /** Why the library is not in its folder, such as while its disk is not mounted; `null` if it is there. */
  readonly gone: StatusGone | null;
  /** Why the catalog cannot be read; `null` if it can, or if there is none. */
  readonly damage: StatusDamage | null;
  /** The last round of checks; `null` before the first, and without a monitor that runs them. */
  readonly checks: StatusChecks | null;
  /** The disk that holds the library. */
  readonly disk: StatusDisk;
  /** What the disk has no room for; `null` if it has room. */
  readonly reserve: ReserveReached | null;
  /** The run under way, also before its process reports anything; `null` if there is none. */
  readonly currentRun: StatusCurrentRun | null;
  /** The last run that is over; `null` before the first. */
  readonly lastRun: StatusLastRun | null;
  /** The last run that failed, if no later one has made it good; otherwise `null`. */
  readonly failedRun: StatusLastRun | null;
  /** Memory of the largest downloader process in the last minutes, in bytes; `null` if none has reported it. */
  readonly memory: { readonly rssBytes: number | null };
  /** How the reader starts the commands that texts name, by their names: `deno task doctor` in a checkout. */
  readonly commands: Readonly<Record<string, string>>;
  /** Number of downloader processes that are running. */
  readonly processes: number;
  /** Title, meaning and remedy of the problems that the document names, for a Japanese reader. */
  readonly ja: { readonly problems: Readonly<Record<string, ProblemText>> };
}
