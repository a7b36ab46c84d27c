import type { SentExchange } from "../../lib/soak/mod.ts";
import type { ProfileName } from "../../lib/transfer/mod.ts";

/** What a stability run repeats, in this order: every engine fetches, and what was fetched is gone over again. */
export const STABILITY_KINDS = [
  ...["download:stable", "verify", "download:turbo", "update", "plan"],
  ...["download:parallel", "verify", "download:resilient", "update", "download:turbo"],
] as const;

/** One of them. */
export type StabilityKind = typeof STABILITY_KINDS[number];

/** What the process under test is told to do. */
export interface StabilityJob {
  /** Names it, and its requests. */
  readonly id: string;
  /** What to do. */
  readonly kind: StabilityKind;
  /** The library's folder. */
  readonly folder: string;
  /** The sandbox's API. */
  readonly apiOrigin: string;
  /** Its key. */
  readonly token: string;
  /** What is silent for so long, in milliseconds, is cut. */
  readonly silentMs: number;
  /** Whose models. */
  readonly creators: readonly string[];
}

/** What it answers. */
export interface StabilityAnswer {
  /** Things that were fetched, or tried to be. */
  readonly attempts: number;
  readonly failures: number;
  readonly timeouts: number;
  readonly concurrencyErrors: number;
  readonly retries: number;
  readonly bytes: number;
  /** Failures by class. */
  readonly errors: Readonly<Record<string, number>>;
  /** The first failures, for a person. */
  readonly messages: readonly string[];
  readonly transitions: number;
  readonly mode: string;
  readonly limit: number;
  /** Its own count of its requests. */
  readonly sent: readonly SentExchange[];
}

/** The engine of a job. */
export function engineOf(kind: StabilityKind): ProfileName {
  return kind.startsWith("download:") ? kind.slice("download:".length) as ProfileName : "turbo";
}
