import { AdaptiveLimit, type AdaptiveLimitOptions, type Permit } from "./adaptive_limit.ts";

/** Number of hosts to remember. Those with requests in flight or waiting callers are always kept. */
const MAX_HOSTS = 256;

/** Options of {@linkcode HostLimits}. */
export interface HostLimitsOptions {
  /**
   * Returns the options of a host's limit; called when the host is first used.
   *
   * @default {no options for any host}
   */
  readonly optionsFor?: (host: string) => AdaptiveLimitOptions;
}

/**
 * One {@linkcode AdaptiveLimit} per host. Create one per process and share it between all clients.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { HostLimits } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const limits = new HostLimits({ optionsFor: () => ({ start: 4, ceiling: 8 }) });
 * using permit = await limits.acquire("example.com");
 * assertEquals([limits.of("example.com").limit, limits.of("example.com").snapshot().inFlight], [4, 1]);
 * permit.finish({ type: "ok", latencyMs: 80 });
 * ```
 */
export class HostLimits {
  readonly #optionsFor: (host: string) => AdaptiveLimitOptions;
  // In order of use, the least recently used host first.
  readonly #limits = new Map<string, AdaptiveLimit>();

  /**
   * Start without any hosts.
   *
   * @param options Options per host
   */
  constructor(options: HostLimitsOptions = {}) {
    const { optionsFor = () => ({}) } = options;
    this.#optionsFor = optionsFor;
  }

  /**
   * Return the limit of a host. It is created if needed.
   *
   * @param host Name of the host, with the port if there is one; case-insensitive
   * @returns The same limit for the same host, as long as it is remembered
   */
  of(host: string): AdaptiveLimit {
    const name = host.toLowerCase();
    const limit = this.#limits.get(name) ?? new AdaptiveLimit(name, this.#optionsFor(name));
    this.#limits.delete(name);
    this.#evictIdle();
    this.#limits.set(name, limit);
    return limit;
  }

  /** Wait for a permit for a host; see {@linkcode AdaptiveLimit.acquire}. */
  acquire(host: string, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<Permit> {
    return this.of(host).acquire(options);
  }

  /** Make room for one host. */
  #evictIdle(): void {
    for (const [name, limit] of this.#limits) {
      if (this.#limits.size < MAX_HOSTS) return;
      if (limit.isIdle) this.#limits.delete(name);
    }
  }
}
