import { AdaptiveLimit, type AdaptiveLimitOptions, type Permit } from "./adaptive_limit.ts";
import type { LimitSnapshot } from "./limit_snapshot.ts";

/** Options of {@linkcode HostLimits}. */
export interface HostLimitsOptions {
  /**
   * The options of a host's limit, asked for when the host is first used.
   *
   * @default {no options for any host}
   */
  readonly optionsFor?: (host: string) => AdaptiveLimitOptions;
  /**
   * Remember at most so many hosts; those with work in flight are kept beyond that.
   *
   * @default {256}
   */
  readonly maxHosts?: number;
}

/** One {@linkcode AdaptiveLimit} a host. Make one of these for a process and hand it to all that talk to hosts. */
export class HostLimits {
  readonly #optionsFor: (host: string) => AdaptiveLimitOptions;
  readonly #maxHosts: number;
  // In the order of use, the one that was not used for longest first.
  readonly #limits = new Map<string, AdaptiveLimit>();

  /**
   * Make one.
   *
   * @param options Options per host, and how many hosts to remember
   */
  constructor(options: HostLimitsOptions = {}) {
    const { optionsFor = () => ({}), maxHosts = 256 } = options;
    this.#optionsFor = optionsFor;
    this.#maxHosts = maxHosts;
  }

  /**
   * The limit of a host.
   *
   * @param host Name, with port if there is one; case does not matter
   * @returns The same limit for the same host, as long as it is remembered
   */
  of(host: string): AdaptiveLimit {
    const name = host.toLowerCase();
    const limit = this.#limits.get(name) ?? new AdaptiveLimit(name, this.#optionsFor(name));
    this.#limits.delete(name);
    this.#forgetSome();
    this.#limits.set(name, limit);
    return limit;
  }

  /** Wait for a permit of a host; see {@linkcode AdaptiveLimit.acquire}. */
  acquire(host: string, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<Permit> {
    return this.of(host).acquire(options);
  }

  /** How all hosts stand, the last used at the end. */
  limits(): readonly LimitSnapshot[] {
    return this.#limits.values().map((limit) => limit.snapshot()).toArray();
  }

  /** Make room for one. */
  #forgetSome(): void {
    for (const [name, limit] of this.#limits) {
      if (this.#limits.size < this.#maxHosts) return;
      if (limit.isIdle) this.#limits.delete(name);
    }
  }
}
