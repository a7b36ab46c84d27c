import type { LagSecond } from "./facts/machine_lag.ts";
import type { SentRequest } from "./work/counted_traffic.ts";
import type { ProfileName } from "../transfer/mod.ts";

/**
 * Jobs that a stability run repeats, in this order: downloads with every profile, with verifications, updates and a
 * plan in between.
 */
export const STABILITY_KINDS: readonly StabilityKind[] = [
  "download:stable",
  "verify",
  "download:turbo",
  "update",
  "plan",
  "download:parallel",
  "verify",
  "download:resilient",
  "update",
  "download:turbo",
];

/** The kind of a job. */
export type StabilityKind = "plan" | "update" | "verify" | `download:${ProfileName}`;

/**
 * Return the jobs that a run repeats.
 *
 * @param engine The only engine to use; `all` for the engines in turn
 * @returns The kinds, in order
 */
export function stabilityKinds(engine: ProfileName | "all"): readonly StabilityKind[] {
  if (engine === "all") return STABILITY_KINDS;
  return STABILITY_KINDS.map((kind): StabilityKind => isDownload(kind) ? `download:${engine}` : kind);
}

type DownloadKind = Extract<StabilityKind, `download:${string}`>;

/** The engine of each kind of download. */
const ENGINES: Readonly<Record<DownloadKind, ProfileName>> = {
  "download:stable": "stable",
  "download:resilient": "resilient",
  "download:parallel": "parallel",
  "download:turbo": "turbo",
};

/** Whether a job downloads, which it begins with an empty library. */
export function isDownload(kind: StabilityKind): kind is DownloadKind {
  return kind in ENGINES;
}

/** A job for the process under test. */
export interface StabilityJob {
  /** Id of the job. */
  readonly id: string;
  /** The task of the job. */
  readonly kind: StabilityKind;
  /** The engine that fetches and plans. */
  readonly engine: ProfileName;
  /** Folder of the library. */
  readonly folder: string;
  /** Origin of the API of the sandbox. */
  readonly apiOrigin: string;
  /** API key of the sandbox. */
  readonly token: string;
  /**
   * Time limit for the first header and for a stall, in milliseconds; `null` for a tenth of the engine's own limits.
   */
  readonly silentMs: number | null;
  /**
   * Divisor of the waits between attempts.
   *
   * @default {1}
   */
  readonly haste?: number | undefined;
  /**
   * Whether the time for headers is fixed at a tenth of the engine's own limit, or adapts as it does for users, within a
   * tenth of the product's own bounds.
   */
  readonly timeouts: "fixed" | "adaptive";
  /** Creators whose models are downloaded. */
  readonly creators: readonly string[];
  /**
   * Whether only model files are downloaded, and no images.
   *
   * @default {false}
   */
  readonly onlyFiles?: boolean | undefined;
  /**
   * Number of items that are fetched at once, and of connections to a host.
   *
   * @default {the number of the engine}
   */
  readonly connections?: number | undefined;
  /**
   * Longest wait for another process that has the library open, in milliseconds.
   *
   * @default {0}
   */
  readonly libraryWaitMs?: number | undefined;
}

/** An item that a job did not fetch, or a file that `verify` found damaged. */
export interface LostItem {
  /** Key of the item in the catalog. */
  readonly key: string;
  /** Path that it has or would have. */
  readonly path: string;
  /** Class of the last failure; if a breaker refused the item, the class of what opened the breaker. */
  readonly failure: string;
  /** Message of the last failure. */
  readonly message: string;
}

/** Result of a job, as counted by the process under test. */
export interface StabilityAnswer {
  /** Number of items that were fetched. */
  readonly done: number;
  /** Items that finally failed. */
  readonly lost: readonly LostItem[];
  /** Targets that could not be planned. */
  readonly problems: readonly { readonly target: string; readonly failure: string | null; readonly message: string }[];
  /** Why the job ended before its queue did; `null` if it did not. */
  readonly stopped: { readonly failure: string | null; readonly message: string } | null;
  /** For a plan: the keys of all items that it planned or found on disk. */
  readonly planned: readonly string[];
  /** For `verify`: the number of files that it checked. */
  readonly checked: number;
  /** Number of failures because two parts of the program accessed the same file or catalog. */
  readonly concurrencyErrors: number;
  /** Number of attempts after the first. */
  readonly retries: number;
  /** Total bytes of all response bodies. */
  readonly bytes: number;
  /** Number of changes of breakers and of the mode. */
  readonly transitions: number;
  /** Mode of the failsafe at the end. */
  readonly mode: string;
  /** Whether the failsafe stepped down to `stable`, which waits for a slow line. */
  readonly wasStable: boolean;
  /** Limit of parallel items at the end. */
  readonly limit: number;
  /** By how much the machine delayed the process under test during the job. */
  readonly lags: readonly LagSecond[];
  /** Requests, as counted by the process under test. */
  readonly sent: readonly SentRequest[];
  /** How often it waited for another process that had the library open. */
  readonly waits: number;
}

/** The answer of a job that did nothing. */
export const NO_ANSWER: StabilityAnswer = {
  done: 0,
  lost: [],
  problems: [],
  stopped: null,
  planned: [],
  checked: 0,
  concurrencyErrors: 0,
  retries: 0,
  bytes: 0,
  transitions: 0,
  mode: "turbo",
  wasStable: false,
  limit: 0,
  lags: [],
  sent: [],
  waits: 0,
};

/**
 * Return the engine of a job.
 *
 * @param kind The kind of the job
 * @param engine The only engine of the run; `all` if there are several
 * @returns The engine that the kind names, or the only one; `turbo` for updates and plans of a run with all engines
 */
export function engineOf(kind: StabilityKind, engine: ProfileName | "all" = "all"): ProfileName {
  if (isDownload(kind)) return ENGINES[kind];
  return engine === "all" ? "turbo" : engine;
}

/**
 * Return whether the time for headers adapts in a job: it does in every second ten of jobs, so that each kind of job has
 * both. Where it is fixed, the watcher can judge it strictly; where it adapts, the defaults that users have are at work.
 *
 * @param index Index of the job in the schedule
 */
export function timeoutsOf(index: number): StabilityJob["timeouts"] {
  return Math.floor(index / STABILITY_KINDS.length) % 2 === 0 ? "fixed" : "adaptive";
}
