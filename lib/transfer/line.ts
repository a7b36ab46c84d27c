import { type Clock, type Random, systemClock } from "../base/mod.ts";
import { type AdaptiveTimeout, HostTimeouts, type TimedWait } from "../failsafe/mod.ts";
import { type ConnectionPermits, UNLIMITED_PERMITS } from "./segments/connection_permits.ts";
import { HashPool } from "./part/hash_pool.ts";
import { LineMemory } from "./segments/line_memory.ts";
import type { RateLimiter } from "./rate/rate_limiter.ts";
import type { Transport } from "./http/transport.ts";

/** What all transfers share: how bytes come, and within which limits. See {@linkcode openLine}. */
export interface Line {
  /** Sends the requests. */
  readonly transport: Transport;
  /** Retries of a file after its first attempt; `undefined` for the number in its profile. */
  readonly maxRetries: number | undefined;
  /**
   * Give up when no bytes have arrived for this long, regardless of the retries left; the error is then not retryable.
   * Applies to connection, DNS, TLS, timeout and stall failures.
   */
  readonly patienceMs: number;
  /** Adapts the header timeout to each host; `undefined` for the fixed limits of the profile. */
  readonly timeouts: AdaptiveTimeout | undefined;
  /** Timeouts set for single hosts; they replace those of the profile and of `timeouts`. */
  readonly hostTimeouts: HostTimeouts;
  /** Limits the bandwidth; `undefined` for no limit. */
  readonly limiter: RateLimiter | undefined;
  /** Decides how many connections each host may have. */
  readonly permits: ConnectionPermits;
  /** Remembers for which hosts more connections are faster. */
  readonly lines: LineMemory;
  /** Hashes large files in another thread. */
  readonly hashers: HashPool;
  /**
   * Whether files and folders are flushed to disk, so that a finished file survives a power cut. If not, a crash of the
   * program still leaves no wrong byte, but a crash of the machine may.
   */
  readonly durable: boolean;
  /** Called with each wait for a host that a timeout limits, many times per file; `undefined` if nobody listens. */
  readonly onWait: ((wait: TimedWait) => void) | undefined;
  /** Time source. */
  readonly clock: Clock;
  /** Random source of the retry jitter. */
  readonly random: Random;
}

/**
 * Options of {@linkcode openLine}: the fields of a {@linkcode Line}, of which only the transport is required. By
 * default, only the profile of a file limits its retries and timeouts, nothing limits speed and connections, and files
 * are flushed.
 */
export type LineOptions = Pick<Line, "transport"> & { readonly [Name in keyof Line]?: Line[Name] | undefined };

/**
 * Put together what all transfers share.
 *
 * @param options The transport, which the caller disposes, and limits
 * @returns The line; dispose it to end the thread that hashes, unless the options have one
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTransport, openLine } from "@civitai-dl/civitai-dl/transfer";
 *
 * using transport = createTransport();
 * using line = openLine({ transport: transport.send, maxRetries: 3 });
 * assertEquals([line.durable, line.patienceMs], [true, Infinity]);
 * ```
 */
export function openLine(options: LineOptions): Line & Disposable {
  const { clock = systemClock } = options;
  const own = options.hashers === undefined ? new HashPool() : undefined;
  return {
    transport: options.transport,
    maxRetries: options.maxRetries,
    patienceMs: options.patienceMs ?? Infinity,
    timeouts: options.timeouts,
    hostTimeouts: options.hostTimeouts ?? new HostTimeouts([]),
    limiter: options.limiter,
    permits: options.permits ?? UNLIMITED_PERMITS,
    lines: options.lines ?? new LineMemory({ clock }),
    hashers: options.hashers ?? own!,
    durable: options.durable ?? true,
    onWait: options.onWait,
    clock,
    random: options.random ?? Math.random,
    [Symbol.dispose]: () => own?.[Symbol.dispose](),
  };
}
