import type { ScanLimits } from "./scan_limits.ts";

/** A limit is exceeded: the rest of the file is not scanned. */
export class ScanLimitError extends Error {
  /** The name that stack traces print. */
  override name = "ScanLimitError";
}

/** Counts down {@linkcode ScanLimits} during the scan of one file. */
export class ScanBudget {
  readonly limits: ScanLimits;
  readonly signal: AbortSignal | undefined;
  #opcodes: number;
  #inflatedBytes: number;
  #entries: number;

  constructor(limits: ScanLimits, signal: AbortSignal | undefined) {
    this.limits = limits;
    this.signal = signal;
    this.#opcodes = limits.opcodes;
    this.#inflatedBytes = limits.inflatedBytes;
    this.#entries = limits.entries;
  }

  takeOpcode(): void {
    if (--this.#opcodes < 0) throw new ScanLimitError("has more opcodes than can be examined");
  }

  takeEntry(): void {
    this.signal?.throwIfAborted();
    if (--this.#entries < 0) throw new ScanLimitError("has more entries than can be examined");
  }

  takeInflated(count: number): void {
    this.signal?.throwIfAborted();
    this.#inflatedBytes -= count;
    if (this.#inflatedBytes < 0) throw new ScanLimitError("unpacks to more than can be examined");
  }

  assertDepth(depth: number): void {
    if (depth > this.limits.depth) throw new ScanLimitError("is nested more deeply than can be examined");
  }
}
