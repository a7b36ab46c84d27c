import { type Clock, type Redactor, systemClock } from "../../base/mod.ts";
import type { Io } from "./io.ts";
import { systemTicker, type Ticker } from "./system_ticker.ts";
import { truncateToWidth } from "./truncate_to_width.ts";

/** How progress is shown: `draw` redraws it in place, `lines` writes a summary at intervals, `hidden` shows nothing. */
export type StatusMode = "draw" | "lines" | "hidden";

/** Options of {@linkcode StatusArea}. */
export interface StatusAreaOptions {
  /** The stream to write to. */
  readonly io: Pick<Io, "writeErr" | "width">;
  /** How progress is shown. */
  readonly mode: StatusMode;
  /** Returns the lines to draw, called at least once a second; without it, the lines of the last `update()` stay. */
  readonly lines?: (() => readonly string[]) | undefined;
  /** Returns the line that replaces the area in `lines` mode; `undefined` to write nothing. */
  readonly summary?: (() => string | undefined) | undefined;
  /**
   * The milliseconds between two summaries.
   *
   * @default {30000}
   */
  readonly summaryMs?: number | undefined;
  /** Removes secrets and terminal control sequences from all text that is shown. */
  readonly redact?: Redactor | undefined;
  /**
   * The clock that limits how often the area is redrawn.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * The timer that redraws the area.
   *
   * @default {systemTicker}
   */
  readonly ticker?: Ticker | undefined;
}

/** Minimum time between two redraws. */
const DRAW_MS = 100;
/** Maximum time between two redraws: remaining times and waits change even without an update. */
const REFRESH_MS = 1000;

/** Progress lines at the bottom of the terminal; log lines scroll above them. */
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

  /** Open the area and start its timer; nothing is drawn yet. */
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

  /** Replace the lines. They are drawn immediately, or at the next tick if the last redraw was less than 100 ms ago. */
  update(lines: readonly string[]): void {
    this.#lines = lines;
    this.#stale = true;
    if (this.#mode === "draw" && this.#clock.monotonic() - this.#drawnAt >= DRAW_MS) this.#draw();
  }

  /** Redraw the `lines` of the options, immediately or at the next tick; call it when the content has changed. */
  refresh(): void {
    if (this.#mode !== "draw") return;
    this.#stale = true;
    if (this.#clock.monotonic() - this.#drawnAt >= DRAW_MS) this.#tick();
  }

  /** Write a line above the area, in every mode. */
  log(text: string): void {
    const erase = this.#erase();
    this.#drawn = 0;
    this.#io.writeErr(`${erase}${this.#redact(text)}\n`);
    if (this.#mode === "draw" && !this.#closed) this.#draw();
  }

  /** Clear the area and stop its timer. */
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
    // Keep the last column free, because a full line makes some terminals scroll.
    const room = this.#io.width() - 1;
    // A line break in a name would make the next redraw start on the wrong line.
    const text = this.#lines.map((line) => `${truncateToWidth(this.#redact(line).replace(/[\n\t]+/g, " "), room)}\n`)
      .join("");
    const erase = this.#erase();
    if (erase + text !== "") this.#io.writeErr(erase + text);
    this.#drawn = this.#lines.length;
    this.#drawnAt = this.#clock.monotonic();
    this.#stale = false;
  }

  /** The codes that move the cursor to the first drawn line and clear from there; empty if nothing is drawn. */
  #erase(): string {
    return this.#drawn === 0 ? "" : `\x1b[${this.#drawn}A\r\x1b[J`;
  }
}
