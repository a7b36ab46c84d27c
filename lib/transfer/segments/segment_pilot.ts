import type { LineVerdict } from "./line_memory.ts";

/** What a transfer shows of itself whenever bytes come. */
export interface PilotSample {
  /** By the monotonic clock. */
  readonly nowMs: number;
  /** Bytes that came since the transfer began. */
  readonly bytes: number;
  /** Time that all its connections together waited for bytes. */
  readonly waitedMs: number;
  /** Connections now. */
  readonly connections: number;
  /** Bytes to come. */
  readonly remainingBytes: number;
}

/** What to do about it. */
export type PilotAdvice =
  | { readonly type: "stay" }
  /** Open as many connections as there may be. */
  | { readonly type: "grow"; readonly reason: "one connection waits" | "the host limits each connection" }
  /** Keep what there is: the trial paid. */
  | { readonly type: "keep"; readonly gain: number }
  /** Go back to one: the trial did not pay. */
  | { readonly type: "retreat"; readonly gain: number };

/** Options of {@linkcode SegmentPilot}. */
export interface SegmentPilotOptions {
  /** What is known of the host. */
  readonly verdict: LineVerdict | null;
  /** When the first byte came, by the monotonic clock. */
  readonly nowMs: number;
}

/** Connections open slowly, and servers that limit them send their first second at once: not counted. */
const SETTLE_MS = 200;
/** A rate is measured over a second, or less where many bytes tell as much. */
const WINDOW_MS = 1000;
/** Or less where one connection is steady: it does not get faster any more, and nothing else disturbs it. */
const STEADY_WINDOW_MS = 350;
const STEADY_SPREAD = 1.5;
const SHORT_WINDOW_MS = 300;
const SHORT_WINDOW_BYTES = 16 << 20;
/** A connection that waits less than this share of the time is not what limits us: we are. */
const WAIT_SHARE = 0.7;
/** Beyond a gigabit line, no server limits connections. */
const MAX_SINGLE_RATE = 128 << 20;
/** What is left must be worth another connection. */
const MIN_REMAINING_MS = 1500;
const MIN_REMAINING_BYTES = 4 << 20;
/** More connections must bring this much more, or they only take from others. */
const MIN_GAIN = 1.3;
/** Where growth pays, lost connections come back after this long. */
const REGROW_MS = 1000;

/**
 * Decides, while a file runs, whether more connections would help: only where one connection waits for bytes although
 * there is room on the line, which is found by trying it and measuring again. Never guesses from a file's size.
 */
export class SegmentPilot {
  #phase: "alone" | "trial" | "capped" | "full";
  #since: number;
  #startBytes = 0;
  #startWaited = 0;
  #isSettled = false;
  #baseline = 0;
  /** Bytes a millisecond between the looks of this window. */
  #rates: number[] = [];
  #seenMs = 0;
  #seenBytes = 0;

  /**
   * Make one.
   *
   * @param options What is known when the first byte comes
   */
  constructor(options: SegmentPilotOptions) {
    const { verdict, nowMs } = options;
    this.#phase = verdict === null ? "alone" : verdict;
    // Where growth is known to pay, it need not wait for a window.
    this.#since = verdict === "capped" ? nowMs - REGROW_MS : nowMs;
  }

  /**
   * Look at a sample.
   *
   * @param sample What the transfer shows
   * @returns What to do; the pilot takes it as done
   */
  see(sample: PilotSample): PilotAdvice {
    const { nowMs, bytes, remainingBytes } = sample;
    if (this.#phase === "full") return STAY;
    if (this.#phase === "capped") return this.#regrow(sample);
    if (!this.#isSettled) {
      if (nowMs - this.#since >= SETTLE_MS) this.#beginWindow(sample);
      return STAY;
    }
    this.#noteRate(sample);
    const elapsedMs = nowMs - this.#since;
    const windowBytes = bytes - this.#startBytes;
    const isShort = elapsedMs >= SHORT_WINDOW_MS && windowBytes >= SHORT_WINDOW_BYTES;
    const isSteady = elapsedMs >= STEADY_WINDOW_MS && this.#phase === "alone" && this.#isSteady();
    if (elapsedMs < WINDOW_MS && !isShort && !isSteady) return STAY;
    const rate = windowBytes / elapsedMs;
    if (this.#phase === "trial") return this.#judge(rate);
    const waitShare = (sample.waitedMs - this.#startWaited) / elapsedMs;
    const isOurs = waitShare < WAIT_SHARE || rate * 1000 >= MAX_SINGLE_RATE;
    this.#beginWindow(sample);
    if (isOurs || remainingBytes < Math.max(MIN_REMAINING_BYTES, rate * MIN_REMAINING_MS)) return STAY;
    this.#baseline = rate;
    this.#phase = "trial";
    this.#isSettled = false;
    return { type: "grow", reason: "one connection waits" };
  }

  /** Growth was not possible: measure on, and ask again. */
  refused(): void {
    if (this.#phase === "trial") this.#phase = "alone";
  }

  #judge(rate: number): PilotAdvice {
    const gain = rate / this.#baseline;
    this.#phase = gain >= MIN_GAIN ? "capped" : "full";
    return { type: gain >= MIN_GAIN ? "keep" : "retreat", gain };
  }

  #regrow({ nowMs, remainingBytes }: PilotSample): PilotAdvice {
    if (nowMs - this.#since < REGROW_MS || remainingBytes < MIN_REMAINING_BYTES) return STAY;
    this.#since = nowMs;
    return { type: "grow", reason: "the host limits each connection" };
  }

  #beginWindow({ nowMs, bytes, waitedMs }: PilotSample): void {
    this.#isSettled = true;
    this.#since = nowMs;
    this.#startBytes = bytes;
    this.#startWaited = waitedMs;
    this.#rates = [];
    this.#seenMs = nowMs;
    this.#seenBytes = bytes;
  }

  #noteRate({ nowMs, bytes }: PilotSample): void {
    this.#rates.push((bytes - this.#seenBytes) / (nowMs - this.#seenMs));
    this.#seenMs = nowMs;
    this.#seenBytes = bytes;
  }

  #isSteady(): boolean {
    return this.#rates.length > 1 && Math.max(...this.#rates) <= Math.min(...this.#rates) * STEADY_SPREAD;
  }
}

const STAY: PilotAdvice = { type: "stay" };
