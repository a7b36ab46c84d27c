import type { SandboxExchange } from "../../sandbox/mod.ts";
import { countFaults } from "../work/stability_toxics.ts";

/** A file or image, as the sandbox names it. */
type Source = NonNullable<SandboxExchange["item"]>;

interface Seen {
  readonly spans: (readonly [startMs: number, endMs: number])[];
  isHit: boolean;
}

/** What the sandbox saw of the requests for each file and image. */
export class ItemExchanges {
  readonly #seen = new Map<string, Seen>();

  /**
   * Record an exchange that has just ended.
   *
   * @param exchange The exchange
   * @param endMs When it ended, by the clock of its start
   */
  record({ item, startedMs, toxics }: SandboxExchange, endMs: number): void {
    if (item === null) return;
    const seen = this.#seen.get(nameOf(item)) ?? { spans: [], isHit: false };
    seen.spans.push([startedMs, Math.max(startedMs, endMs)]);
    seen.isHit ||= countFaults(toxics) > 0;
    this.#seen.set(nameOf(item), seen);
  }

  /**
   * Tell whether a fault hit a request for an item, delays apart, and for how long at least one was open; segments that
   * were open at the same time count once.
   */
  of(source: Source): { readonly isHit: boolean; readonly ms: number | null } {
    const seen = this.#seen.get(nameOf(source));
    return seen === undefined
      ? { isHit: false, ms: null }
      : { isHit: seen.isHit, ms: Math.round(lengthOfUnion(seen.spans)) };
  }
}

function nameOf({ kind, id }: Source): string {
  return `${kind} ${id}`;
}

function lengthOfUnion(spans: Seen["spans"]): number {
  let length = 0;
  let coveredMs = -Infinity;
  for (const [startMs, endMs] of spans.toSorted(([a], [b]) => a - b)) {
    length += Math.max(0, endMs - Math.max(startMs, coveredMs));
    coveredMs = Math.max(coveredMs, endMs);
  }
  return length;
}
