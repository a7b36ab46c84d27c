import type { HostTimeout } from "../../base/mod.ts";
import type { WaitStep } from "./timed_wait.ts";

/** Timeouts of a host in milliseconds; an absent one is not set. */
export type StepTimeouts = Readonly<Partial<Record<WaitStep, number>>>;

/**
 * Timeouts that a person or `tune-timeouts` has set for hosts. The most specific entry of each step applies: that of
 * the host itself, then of the longest domain (`*.example.com`), then `*`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { HostTimeouts } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const timeouts = new HostTimeouts([
 *   { host: "*", step: "headers", ms: 20_000 },
 *   { host: "*.example.com", step: "headers", ms: 40_000 },
 * ]);
 * assertEquals(timeouts.of("b2.example.com").headers, 40_000);
 * assertEquals(timeouts.of("b2.example.org").headers, 20_000);
 * ```
 */
export class HostTimeouts {
  /** The most specific entry last. */
  readonly #entries: readonly HostTimeout[];
  readonly #known = new Map<string, StepTimeouts>();
  /** The longest timeout, in milliseconds; 0 without any. */
  readonly longestMs: number;

  /**
   * Create the timeouts.
   *
   * @param entries What is set; of two entries for the same host and step, the later one applies
   * @param options Longest timeout in milliseconds; longer ones are shortened to it
   */
  constructor(entries: readonly HostTimeout[], options: { readonly maxMs?: number } = {}) {
    const { maxMs = Infinity } = options;
    this.#entries = entries.map((entry) => ({ ...entry, ms: Math.min(entry.ms, maxMs) }))
      .toSorted((a, b) => rank(a.host) - rank(b.host));
    this.longestMs = Math.max(0, ...this.#entries.map(({ ms }) => ms));
  }

  /** Return what is set for a host, which has a port if it is not the default. */
  of(host: string): StepTimeouts {
    const known = this.#known.get(host);
    if (known !== undefined) return known;
    const matching = this.#entries.filter((entry) => matches(entry.host, host));
    const timeouts = Object.fromEntries(matching.map(({ step, ms }) => [step, ms]));
    this.#known.set(host, timeouts);
    return timeouts;
  }
}

/** The more specific a pattern is, the higher. */
function rank(pattern: string): number {
  if (pattern === "*") return 0;
  return pattern.startsWith("*.") ? pattern.length : Number.MAX_SAFE_INTEGER;
}

function matches(pattern: string, host: string): boolean {
  if (pattern === "*" || pattern === host) return true;
  return pattern.startsWith("*.") && host.endsWith(pattern.slice(1));
}
