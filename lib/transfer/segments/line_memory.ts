import { type Clock, systemClock } from "../../base/mod.ts";

/** What a trial with more connections to a host has shown. */
export type LineVerdict =
  /** Each connection is limited: more bring more. */
  | "capped"
  /** The line is full, or the server: more connections share the same. */
  | "full";

/** A full line may be somebody else's film tonight; a server's limit stays for longer. */
const KEEP_MS: Readonly<Record<LineVerdict, number>> = { capped: 600_000, full: 60_000 };
const MAX_HOSTS = 256;

/** Remembers for each host whether more connections pay, so that not every file must try it. */
export class LineMemory {
  readonly #clock: Clock;
  readonly #hosts = new Map<string, { readonly verdict: LineVerdict; readonly until: number }>();

  /**
   * Make one.
   *
   * @param options The clock, as a seam
   */
  constructor(options: { readonly clock?: Clock | undefined } = {}) {
    const { clock = systemClock } = options;
    this.#clock = clock;
  }

  /** What is known of a host now; `null` if nothing, or nothing fresh. */
  verdict(host: string): LineVerdict | null {
    const known = this.#hosts.get(host);
    if (known === undefined) return null;
    if (known.until > this.#clock.monotonic()) return known.verdict;
    this.#hosts.delete(host);
    return null;
  }

  /** Note what a trial has shown. */
  note(host: string, verdict: LineVerdict): void {
    this.#hosts.delete(host);
    if (this.#hosts.size >= MAX_HOSTS) this.#hosts.delete(this.#hosts.keys().next().value!);
    this.#hosts.set(host, { verdict, until: this.#clock.monotonic() + KEEP_MS[verdict] });
  }
}
