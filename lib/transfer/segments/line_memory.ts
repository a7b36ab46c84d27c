import { type Clock, systemClock } from "../../base/mod.ts";

/** Result of a trial with more connections to a host. */
export type LineVerdict =
  /** Each connection is limited: more connections increase the rate. */
  | "capped"
  /** The line or the server is saturated: more connections share the same rate. */
  | "full";

/**
 * How long a verdict is valid. Other traffic may fill the line for a short time only; a server's limit lasts longer.
 */
const KEEP_MS: Readonly<Record<LineVerdict, number>> = { capped: 600_000, full: 60_000 };
const MAX_HOSTS = 256;

/**
 * Remembers for each host whether more connections pay off, so that not every file has to run a trial. Holds at most
 * 256 hosts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LineMemory } from "@civitai-dl/civitai-dl/transfer";
 *
 * const lines = new LineMemory();
 * lines.recordVerdict("files.example", "capped");
 * assertEquals(lines.verdict("files.example"), "capped");
 * assertEquals(lines.verdict("other.example"), null);
 * ```
 */
export class LineMemory {
  readonly #clock: Clock;
  readonly #hosts = new Map<string, { readonly verdict: LineVerdict; readonly until: number }>();

  /**
   * Start without any verdict.
   *
   * @param options The clock, a seam for tests
   */
  constructor(options: { readonly clock?: Clock | undefined } = {}) {
    const { clock = systemClock } = options;
    this.#clock = clock;
  }

  /** Return the verdict on a host; `null` if there is none or it has expired. */
  verdict(host: string): LineVerdict | null {
    const known = this.#hosts.get(host);
    if (known === undefined) return null;
    if (known.until > this.#clock.monotonic()) return known.verdict;
    this.#hosts.delete(host);
    return null;
  }

  /** Record the verdict of a trial; "capped" is valid for ten minutes, "full" for one. */
  recordVerdict(host: string, verdict: LineVerdict): void {
    this.#hosts.delete(host);
    if (this.#hosts.size >= MAX_HOSTS) this.#hosts.delete(this.#hosts.keys().next().value!);
    this.#hosts.set(host, { verdict, until: this.#clock.monotonic() + KEEP_MS[verdict] });
  }
}
