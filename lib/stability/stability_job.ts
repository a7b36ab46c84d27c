import type { SentExchange } from "../soak/mod.ts";
import type { ProfileName } from "../transfer/mod.ts";

/** Jobs that a stability run repeats, in this order: each profile downloads, and the files are verified or updated. */
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
  /** What the job does; of a download, also by which profile. */
  readonly kind: StabilityKind;
  /** Folder of the library. */
  readonly folder: string;
  /** Origin of the API of the sandbox. */
  readonly apiOrigin: string;
  /** API key of the sandbox. */
  readonly token: string;
  /** Limit for the first header and for a stall, in milliseconds. */
  readonly silentMs: number;
  /** Creators whose models are fetched. */
  readonly creators: readonly string[];
}

/** Result of a job, as the process under test counted it. */
export interface StabilityAnswer {
  /** Items that were fetched or failed. */
  readonly attempts: number;
  /** Items that failed in the end. */
  readonly failures: number;
  /** Failures by timeout or stall. */
  readonly timeouts: number;
  /** Failures because two parts of the program wanted the same file or catalog. */
  readonly concurrencyErrors: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** Bytes of all response bodies. */
  readonly bytes: number;
  /** Failures by class. */
  readonly errors: Readonly<Record<string, number>>;
  /** The first failures, for a person. */
  readonly messages: readonly string[];
  /** Changes of breakers and of the mode. */
  readonly transitions: number;
  /** Mode of the failsafe at the end. */
  readonly mode: string;
  /** Limit of parallel items at the end. */
  readonly limit: number;
  /** Requests, as the process under test counted them. */
  readonly sent: readonly SentExchange[];
}

/** Return the profile of a job; `turbo` unless it is a download. */
export function engineOf(kind: StabilityKind): ProfileName {
  return kind.startsWith("download:") ? kind.slice("download:".length) as ProfileName : "turbo";
}
