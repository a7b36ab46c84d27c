import { SIZE_THRESHOLDS } from "../size_thresholds.ts";
import type { LineVerdict } from "./line_memory.ts";

/** Measurements of a transfer, taken when bytes arrive. */
export interface PilotSample {
  /** Current time on the monotonic clock. */
  readonly nowMs: number;
  /** Bytes received since the transfer began. */
  readonly bytes: number;
  /** Total time that all its connections waited for bytes. */
  readonly waitedMs: number;
  /** Number of active connections. */
  readonly connections: number;
  /** Bytes still to fetch. */
  readonly remainingBytes: number;
}

/** The pilot's decision. */
export type PilotAdvice =
  | { readonly type: "stay" }
  /** Open as many connections as allowed. */
  | { readonly type: "grow"; readonly reason: "one connection is not enough" | "the host limits each connection" }
  /** Keep the connections: the trial paid off. */
  | { readonly type: "keep"; readonly gain: number }
  /** Go back to one connection: the trial did not pay off. */
  | { readonly type: "retreat"; readonly gain: number };

/** Options of {@linkcode SegmentPilot}. */
export interface SegmentPilotOptions {
  /** Verdict of an earlier trial with this host; `null` if there is none. */
  readonly verdict: LineVerdict | null;
  /** When the transfer began, on the monotonic clock. */
  readonly nowMs: number;
}

/**
 * Time to ignore at the start: connections open slowly, and servers that limit the rate send the first second in a
 * burst.
 */
const SETTLE_MS = 200;
/** A rate is measured over a second, or over less if many bytes make a shorter window just as meaningful. */
const WINDOW_MS = 1000;
/** A shorter window also suffices for one steady connection: it no longer accelerates, and nothing else disturbs it. */
const STEADY_WINDOW_MS = 350;
const STEADY_SPREAD = 1.5;
const SHORT_WINDOW_MS = 300;
/** If a connection waits for bytes less than this share of the time, the limit is this machine, not the connection. */
const WAIT_SHARE = 0.7;
/** Bytes per second, more than a gigabit line delivers: no server limits a single connection to such a high rate. */
const MAX_SINGLE_RATE = 128 << 20;
/** If less than this remains, another connection is not worth it. */
const MIN_REMAINING_MS = 1500;
/** More connections must increase the rate by this factor, or they only take bandwidth from others. */
const MIN_GAIN = 1.3;
/** Where more connections pay off, lost ones are replaced after this long. */
const REGROW_MS = 1000;

/**
 * Decides during a transfer whether more connections would help. They do if one connection waits for bytes although the
 * line has spare capacity. The pilot finds out by opening more connections and measuring again. It never guesses from
 * the size of a file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SegmentPilot } from "@civitai-dl/civitai-dl/transfer";
 *
 * const pilot = new SegmentPilot({ verdict: null, nowMs: 0 });
 * // One steady connection of 5 MB/s, which waits for bytes all the time.
 * const advice = [200, 300, 400, 500, 600].map((nowMs) =>
 *   pilot.observe({ nowMs, bytes: nowMs * 5000, waitedMs: nowMs, connections: 1, remainingBytes: 1e9 })
 * );
 * assertEquals(advice.at(-1), { type: "grow", reason: "one connection is not enough" });
 * ```
 */
export class SegmentPilot {
  #state: "alone" | "trial" | "capped" | "full";
  #since: number;
  #startBytes = 0;
  #startWaited = 0;
  #isSettled = false;
  #baseline = 0;
  /** Bytes per millisecond between the samples of this window. */
  #rates: number[] = [];
  #sampledMs = 0;
  #sampledBytes = 0;

  /**
   * Start with the verdict of an earlier trial, if there is one.
   *
   * @param options The verdict, and the time when the transfer begins
   */
  constructor(options: SegmentPilotOptions) {
    const { verdict, nowMs } = options;
    this.#state = verdict === null ? "alone" : verdict;
    // Where more connections are known to pay off, they need not wait for a window.
    this.#since = verdict === "capped" ? nowMs - REGROW_MS : nowMs;
  }

  /**
   * Evaluate a sample.
   *
   * @param sample Measurements of the transfer
   * @returns The decision; the pilot assumes that the caller carries it out
   */
  observe(sample: PilotSample): PilotAdvice {
    const { nowMs, bytes, remainingBytes } = sample;
    if (this.#state === "full") return STAY;
    if (this.#state === "capped") return this.#regrow(sample);
    if (!this.#isSettled) {
      if (nowMs - this.#since >= SETTLE_MS) this.#startWindow(sample);
      return STAY;
    }
    this.#noteRate(sample);
    const elapsedMs = nowMs - this.#since;
    const windowBytes = bytes - this.#startBytes;
    const isShort = elapsedMs >= SHORT_WINDOW_MS && windowBytes >= SIZE_THRESHOLDS.shortWindow;
    const isSteady = elapsedMs >= STEADY_WINDOW_MS && this.#state === "alone" && this.#isSteady();
    if (elapsedMs < WINDOW_MS && !isShort && !isSteady) return STAY;
    const rate = windowBytes / elapsedMs;
    if (this.#state === "trial") return this.#judge(rate);
    const waitShare = (sample.waitedMs - this.#startWaited) / elapsedMs;
    const isOurs = waitShare < WAIT_SHARE || rate * 1000 >= MAX_SINGLE_RATE;
    this.#startWindow(sample);
    if (isOurs || remainingBytes < Math.max(SIZE_THRESHOLDS.anotherConnectionFrom, rate * MIN_REMAINING_MS)) {
      return STAY;
    }
    this.#baseline = rate;
    this.#state = "trial";
    this.#isSettled = false;
    return { type: "grow", reason: "one connection is not enough" };
  }

  /** Report that no connection could be added: the pilot keeps measuring and may decide to grow again later. */
  recordRefusal(): void {
    if (this.#state === "trial") this.#state = "alone";
  }

  #judge(rate: number): PilotAdvice {
    const gain = rate / this.#baseline;
    this.#state = gain >= MIN_GAIN ? "capped" : "full";
    return { type: gain >= MIN_GAIN ? "keep" : "retreat", gain };
  }

  #regrow({ nowMs, remainingBytes }: PilotSample): PilotAdvice {
    if (nowMs - this.#since < REGROW_MS || remainingBytes < SIZE_THRESHOLDS.anotherConnectionFrom) return STAY;
    this.#since = nowMs;
    return { type: "grow", reason: "the host limits each connection" };
  }

  #startWindow({ nowMs, bytes, waitedMs }: PilotSample): void {
    this.#isSettled = true;
    this.#since = nowMs;
    this.#startBytes = bytes;
    this.#startWaited = waitedMs;
    this.#rates = [];
    this.#sampledMs = nowMs;
    this.#sampledBytes = bytes;
  }

  #noteRate({ nowMs, bytes }: PilotSample): void {
    this.#rates.push((bytes - this.#sampledBytes) / (nowMs - this.#sampledMs));
    this.#sampledMs = nowMs;
    this.#sampledBytes = bytes;
  }

  #isSteady(): boolean {
    return this.#rates.length > 1 && Math.max(...this.#rates) <= Math.min(...this.#rates) * STEADY_SPREAD;
  }
}

const STAY: PilotAdvice = { type: "stay" };
