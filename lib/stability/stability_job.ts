import type { SentExchange } from "../soak/mod.ts";
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

/** A job for the process under test. */
export interface StabilityJob {
  /** Id of the job, and prefix of its request ids. */
  readonly id: string;
  /** The task of the job; for a download, also the profile. */
  readonly kind: StabilityKind;
  /** Folder of the library. */
  readonly folder: string;
  /** Origin of the API of the sandbox. */
  readonly apiOrigin: string;
  /** API key of the sandbox. */
  readonly token: string;
  /** Time limit for the first header and for a stall, in milliseconds. */
  readonly silentMs: number;
  /** Creators whose models are downloaded. */
  readonly creators: readonly string[];
}

/** Result of a job, as counted by the process under test. */
export interface StabilityAnswer {
  /** Number of items that were downloaded or failed. */
  readonly attempts: number;
  /** Number of items that finally failed. */
  readonly failures: number;
  /** Number of failures because of a timeout or stall. */
  readonly timeouts: number;
  /** Number of failures because two parts of the program accessed the same file or catalog. */
  readonly concurrencyErrors: number;
  /** Number of attempts after the first. */
  readonly retries: number;
  /** Total bytes of all response bodies. */
  readonly bytes: number;
  /** Number of failures by class. */
  readonly errors: Readonly<Record<string, number>>;
  /** Messages of the first failures. */
  readonly messages: readonly string[];
  /** Number of changes of breakers and of the mode. */
  readonly transitions: number;
  /** Mode of the failsafe at the end. */
  readonly mode: string;
  /** Limit of parallel items at the end. */
  readonly limit: number;
  /** Requests, as counted by the process under test. */
  readonly sent: readonly SentExchange[];
}

/** Return the profile of a job. Jobs other than downloads use `turbo`. */
export function engineOf(kind: StabilityKind): ProfileName {
  return kind.startsWith("download:") ? kind.slice("download:".length) as ProfileName : "turbo";
}
