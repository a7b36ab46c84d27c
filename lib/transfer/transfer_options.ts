import { type Clock, type Random, systemClock } from "../base/mod.ts";
import type { AdaptiveTimeout, HostTimeouts, TimedWait } from "../failsafe/mod.ts";
import { type ConnectionPermits, UNLIMITED_PERMITS } from "./segments/connection_permits.ts";
import type { HashPool } from "./part/hash_pool.ts";
import { LineMemory } from "./segments/line_memory.ts";
import type { SettledOptions } from "./_transfer_state.ts";
import { type Profile, PROFILES } from "./profile.ts";
import type { RateLimiter } from "./rate/rate_limiter.ts";
import type { TransferEvent, TransferSpace } from "./transfer_request.ts";
import type { Transport } from "./http/transport.ts";

/** Options of {@linkcode transferFile}; {@linkcode fetchRanges} accepts most of them, too. */
export interface TransferOptions {
  /** Sends the requests; the caller owns and disposes it. */
  readonly transport: Transport;
  /**
   * Timeouts, retries and connections.
   *
   * @default {PROFILES.resilient}
   */
  readonly profile?: Profile | undefined;
  /**
   * Returns the maximum number of connections for the file now, which may change while it is under way. Called before
   * connections are added.
   *
   * @default {the number in the profile}
   */
  readonly segments?: (() => number) | undefined;
  /** Retries after the first attempt; overrides the number in the profile. */
  readonly maxRetries?: number | undefined;
  /**
   * Give up when no bytes have arrived for this long, regardless of the retries left; the error is then not retryable.
   * Applies to connection, DNS, TLS, timeout and stall failures.
   *
   * @default {Infinity}
   */
  readonly patienceMs?: number | undefined;
  /** Adapts the header timeout to each host; shared by many transfers. */
  readonly timeouts?: AdaptiveTimeout | undefined;
  /** Timeouts set for single hosts; they replace those of the profile and of `timeouts`. */
  readonly hostTimeouts?: HostTimeouts | undefined;
  /** Limits the bandwidth over all transfers that share it; unlimited if absent. */
  readonly limiter?: RateLimiter | undefined;
  /**
   * Permit pool that decides how many connections each host may have; shared by many transfers.
   *
   * @default {UNLIMITED_PERMITS}
   */
  readonly permits?: ConnectionPermits | undefined;
  /** Remembers for which hosts more connections pay off; shared by many transfers. */
  readonly lines?: LineMemory | undefined;
  /** The thread that hashes large files; shared by many transfers. If absent, the transfer starts its own thread. */
  readonly hashers?: HashPool | undefined;
  /**
   * Flush file and folder to disk, so that a finished file survives a power cut. If false, a crash of the program still
   * leaves no wrong byte, but a crash of the machine may.
   *
   * @default {true}
   */
  readonly durable?: boolean | undefined;
  /**
   * Maximum size of the file. If the body is larger, or is announced as larger, the transfer fails with `too-large`,
   * and the part is kept.
   *
   * @default {Infinity}
   */
  readonly maxBytes?: number | undefined;
  /** Reserves disk space while bytes arrive; if absent, free space is not checked. */
  readonly space?: TransferSpace | undefined;
  /**
   * Inspects the complete part before it is renamed to its final name; a returned string rejects it, and is the reason.
   */
  readonly inspect?: ((partPath: string) => Promise<string | null>) | undefined;
  /** Called with each wait for a host that a timeout limits, many times per file. */
  readonly onWait?: ((wait: TimedWait) => void) | undefined;
  /** Receives the events of the transfer. */
  readonly onEvent?: ((event: TransferEvent) => void) | undefined;
  /** Stops the transfer; the part stays resumable. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time source, a seam for tests.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Random source of the retry jitter, a seam for tests.
   *
   * @default {Math.random}
   */
  readonly random?: Random | undefined;
}

/**
 * Fill in the defaults.
 *
 * @param options The caller's options
 * @param hashers The caller's pool, or the transfer's own
 * @returns All options that the attempts read
 */
export function settleOptions(options: Omit<TransferOptions, "inspect">, hashers: HashPool): SettledOptions {
  const { clock = systemClock, profile = PROFILES.resilient } = options;
  return {
    transport: options.transport,
    profile,
    segments: options.segments ?? (() => profile.segments),
    clock,
    signal: options.signal,
    limiter: options.limiter,
    timeouts: options.timeouts,
    hostTimeouts: options.hostTimeouts,
    permits: options.permits ?? UNLIMITED_PERMITS,
    lines: options.lines ?? new LineMemory({ clock }),
    hashers,
    durable: options.durable ?? true,
    maxBytes: options.maxBytes ?? Infinity,
    space: options.space,
    onWait: options.onWait,
    onEvent: options.onEvent ?? (() => {}),
  };
}
