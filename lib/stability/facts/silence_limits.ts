import type { ProfileName } from "../../transfer/mod.ts";

/** How long a server may be silent, in milliseconds. */
export interface SilenceLimits {
  /** From a request to the response headers. */
  readonly headersMs: number;
  /** In which a body delivers `bodyBytes`. */
  readonly bodyMs: number;
  /** From a request to the headers of the storage, where that adapts; it is then never longer, and not doubled. */
  readonly adaptiveMs?: number | undefined;
  /** What a body delivers in `bodyMs`; with less, the line is as good as silent. */
  readonly bodyBytes: number;
}

/** What users are promised where the time for headers adapts to the storage. */
export const PROMISED_ADAPTIVE_MS = 120_000;

/**
 * The limits of each engine that users are promised (docs/stability.md). They are written down here a second time on
 * purpose: a judge that takes them from the program would believe any number.
 */
export const PROMISED_LIMITS: Readonly<Record<ProfileName, SilenceLimits>> = {
  // It waits for as long as anything arrives at all.
  stable: { headersMs: 60_000, bodyMs: 120_000, bodyBytes: 1 },
  resilient: { headersMs: 30_000, bodyMs: 60_000, bodyBytes: 4096 },
  parallel: { headersMs: 30_000, bodyMs: 60_000, bodyBytes: 4096 },
  turbo: { headersMs: 30_000, bodyMs: 60_000, bodyBytes: 4096 },
};

/** In a run, all limits are a tenth, so that an hour has many silences. */
export const LIMIT_SHARE = 0.1;

/** Share of a limit by which a silence may exceed it. */
const TOLERANCE = 0.25;
/** Repeated silence doubles the time for headers up to this many times (docs/failsafe.md). */
const MAX_DOUBLINGS = 4;

/** A silence that the sandbox provoked, after it has ended. */
export interface ProvokedSilence {
  /** The port that was silent; each is a host of its own for the program. */
  readonly host: "api" | "storage";
  /** Where in the response it began. */
  readonly step: "headers" | "body";
  /** When the request was received, in milliseconds. */
  readonly startedMs: number;
  /** How long it lasted. */
  readonly ms: number;
}

/** A slow line that the sandbox provoked, after it has ended or become fast again. */
export interface ProvokedSlowLine {
  /** How fast it was. */
  readonly bytesPerSecond: number;
  /** How long it was that slow. */
  readonly ms: number;
}

/**
 * Judges whether silences and slow connections were cut in time. A host of which one silence after the other was cut may take longer: each
 * doubles the time for the next headers, until a response arrives.
 */
export class SilenceJudge {
  readonly #limits: SilenceLimits;
  /** Consecutive cut silences of each host, with the time from which the count holds. */
  readonly #cuts = new Map<string, { readonly sinceMs: number; readonly count: number }[]>();

  /**
   * Create a judge for one job.
   *
   * @param limits The limits of its engine
   */
  constructor(limits: SilenceLimits) {
    this.#limits = limits;
  }

  /** Record a response without a fault that keeps silent; a request that began before the last cut proves nothing. */
  recordResponse(host: string, startedMs: number, endedMs: number): void {
    const last = this.#cuts.get(host)?.at(-1);
    if (last === undefined || last.count === 0 || startedMs < last.sinceMs) return;
    this.#cuts.get(host)!.push({ sinceMs: endedMs, count: 0 });
  }

  /**
   * Return how long a slow line may have lasted; `null` if nobody has to cut it, because it is fast enough, or was over
   * before its limit.
   */
  slowLimitOf({ bytesPerSecond, ms }: ProvokedSlowLine): number | null {
    const { bodyMs, bodyBytes } = this.#limits;
    if (bytesPerSecond * bodyMs / 1000 >= bodyBytes || ms < bodyMs) return null;
    return bodyMs * (1 + TOLERANCE);
  }

  /** Record a silence, and return how long it may have lasted: its limit and a quarter of it. */
  limitOf({ host, step, startedMs, ms }: ProvokedSilence): number {
    const { headersMs, bodyMs, adaptiveMs } = this.#limits;
    if (step === "body") return bodyMs * (1 + TOLERANCE);
    if (host === "storage" && adaptiveMs !== undefined) return adaptiveMs * (1 + TOLERANCE);
    const cuts = this.#cuts.get(host) ?? [];
    const before = cuts.findLast(({ sinceMs }) => sinceMs <= startedMs)?.count ?? 0;
    this.#cuts.set(host, [...cuts, { sinceMs: startedMs + ms, count: (cuts.at(-1)?.count ?? 0) + 1 }]);
    return headersMs * 2 ** Math.min(MAX_DOUBLINGS, before) * (1 + TOLERANCE);
  }
}

/** The limits of an engine in a run; those of `stable` never adapt. */
export function limitsOfRun(engine: ProfileName, timeouts: "fixed" | "adaptive" = "fixed"): SilenceLimits {
  const { headersMs, bodyMs, bodyBytes } = PROMISED_LIMITS[engine];
  const limits = {
    headersMs: LIMIT_SHARE * headersMs,
    bodyMs: LIMIT_SHARE * bodyMs,
    bodyBytes: Math.ceil(LIMIT_SHARE * bodyBytes),
  };
  if (timeouts === "fixed" || engine === "stable") return limits;
  return { ...limits, adaptiveMs: LIMIT_SHARE * PROMISED_ADAPTIVE_MS };
}

/** The limits of an engine whose silences all end after the same time; the least speed of a body stays as it is. */
export function limitsWithin(engine: ProfileName, silentMs: number): SilenceLimits {
  const { bodyMs, bodyBytes } = PROMISED_LIMITS[engine];
  return { headersMs: silentMs, bodyMs: silentMs, bodyBytes: Math.ceil(bodyBytes * silentMs / bodyMs) };
}
