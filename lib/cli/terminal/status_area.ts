import { type Clock, type Redactor, systemClock } from "../../base/mod.ts";
import type { Io } from "./io.ts";
import { systemTicker, type Ticker } from "./system_ticker.ts";
import { truncateText } from "./truncate_text.ts";

/** How progress is shown: drawn in place, one line now and then, or not at all. */
export type StatusMode = "draw" | "lines" | "hidden";

/** Options of {@linkcode StatusArea}. */
export interface StatusAreaOptions {
  /** Where to write. */
  readonly io: Pick<Io, "writeErr" | "width">;
  /** How to show it. */
  readonly mode: StatusMode;
  /** The lines to draw as time passes, also when nothing tells to; without it they stay those of the last `update()`. */
  readonly lines?: (() => readonly string[]) | undefined;
  /** The line that stands for the whole area where it cannot be drawn; `undefined` for nothing to say. */
  readonly summary?: (() => string | undefined) | undefined;
  /**
   * How often the summary is written.
   *
   * @default {30000}
   */
  readonly summaryMs?: number | undefined;
  /** Makes all that is shown fit for a terminal. */
  readonly redact?: Redactor | undefined;
  /**
   * Tells the time.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Calls back regularly.
   *
   * @default {systemTicker}
   */
  readonly ticker?: Ticker | undefined;
}

/** The least time between two drawings. */
const DRAW_MS = 100;
/** Without news the area is drawn anew so often: what is left, and what is waited for, change by themselves. */
const REFRESH_MS = 1000;

/** Some lines of progress at the bottom of the terminal, with the log scrolling above them. */
export class StatusArea implements Disposable {
  readonly #io: Pick<Io, "writeErr" | "width">;
  readonly #mode: StatusMode;
  readonly #redact: Redactor;
  readonly #clock: Clock;
  readonly #current: (() => readonly string[]) | undefined;
  readonly #timer: Disposable | undefined;
  #lines: readonly string[] = [];
  #drawn = 0;
  #drawnAt = -Infinity;
  #stale = false;
  #closed = false;

  /**
   * Make it from its options.
   *
   * @param options Where and how
   */
  constructor(options: StatusAreaOptions) {
    const { io, mode, summary, summaryMs = 30_000, redact = (text) => text } = options;
    const { clock = systemClock, ticker = systemTicker } = options;
    this.#io = io;
    this.#mode = mode;
    this.#redact = redact;
    this.#clock = clock;
    this.#current = options.lines;
    if (mode === "draw") this.#timer = ticker(DRAW_MS, () => this.#tick());
    if (mode === "lines" && summary !== undefined) {
      this.#timer = ticker(summaryMs, () => {
        const line = summary();
        if (line !== undefined) this.#io.writeErr(`${redact(line)}\n`);
      });
    }
  }

  /** Show these lines from now on; drawn at once, or with the next tick when the last drawing is too recent. */
  update(lines: readonly string[]): void {
    this.#lines = lines;
    this.#stale = true;
    if (this.#mode === "draw" && this.#clock.monotonic() - this.#drawnAt >= DRAW_MS) this.#draw();
  }

  /** Something has changed: draw the lines of the options anew, at once or with the next tick. */
  refresh(): void {
    if (this.#mode !== "draw") return;
    this.#stale = true;
    if (this.#clock.monotonic() - this.#drawnAt >= DRAW_MS) this.#tick();
  }

  /** Write a line above the area; the caller decides whether the line is wanted. */
  log(text: string): void {
    const erase = this.#erase();
    this.#drawn = 0;
    this.#io.writeErr(`${erase}${this.#redact(text)}\n`);
    if (this.#mode === "draw" && !this.#closed) this.#draw();
  }

  /** Take the area away and stop its timer. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    const erase = this.#erase();
    this.#drawn = 0;
    if (erase !== "") this.#io.writeErr(erase);
  }

  #tick(): void {
    const isOld = this.#clock.monotonic() - this.#drawnAt >= REFRESH_MS;
    if (this.#current !== undefined && (isOld || this.#stale)) {
      this.#lines = this.#current();
      this.#stale = true;
    }
    if (this.#stale) this.#draw();
  }

  #draw(): void {
    if (this.#closed) return;
    // The last column stays free: a full line makes some terminals scroll.
    const room = this.#io.width() - 1;
    // A line break in a name would make the next drawing start on the wrong line.
    const text = this.#lines.map((line) => `${truncateText(this.#redact(line).replace(/[\n\t]+/g, " "), room)}\n`)
      .join("");
    const erase = this.#erase();
    if (erase + text !== "") this.#io.writeErr(erase + text);
    this.#drawn = this.#lines.length;
    this.#drawnAt = this.#clock.monotonic();
    this.#stale = false;
  }

  /** Move to the first drawn line and clear from there. */
  #erase(): string {
    return this.#drawn === 0 ? "" : `\x1b[${this.#drawn}A\r\x1b[J`;
  }
}
