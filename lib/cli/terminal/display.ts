import type { Clock, Redactor } from "../../base/mod.ts";
import { cleanOutput } from "./clean_output.ts";
import type { Io } from "./io.ts";
import { createPaint, type Paint } from "./paint.ts";
import { StatusArea, type StatusMode } from "./status_area.ts";
import type { Ticker } from "./system_ticker.ts";

/** Options of {@linkcode Display}. */
export interface DisplayOptions {
  /** Where to write. */
  readonly io: Io;
  /** Removes secrets from all that is written. */
  readonly redact: Redactor;
  /**
   * The result goes out as JSON.
   *
   * @default {false}
   */
  readonly json?: boolean;
  /**
   * Only the result and errors.
   *
   * @default {false}
   */
  readonly quiet?: boolean;
  /**
   * Details too.
   *
   * @default {false}
   */
  readonly verbose?: boolean;
  /**
   * Whether standard error gets colours.
   *
   * @default {false}
   */
  readonly color?: boolean;
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

/** Options of {@linkcode Display.status}. */
export interface StatusOptions {
  /** The lines to draw as time passes; see {@linkcode StatusAreaOptions}. */
  readonly lines?: () => readonly string[];
  /** The line that stands for the area where it cannot be drawn. */
  readonly summary?: () => string | undefined;
  /**
   * How often the summary is written.
   *
   * @default {30000}
   */
  readonly summaryMs?: number;
}

/** All that a command says beside its result: log lines and progress, on standard error. */
export class Display {
  /** The result goes out as JSON. */
  readonly json: boolean;
  /** Nothing but the result and errors is wanted. */
  readonly quiet: boolean;
  /** Details are wanted. */
  readonly verbose: boolean;
  /** Colours for standard error. */
  readonly paint: Paint;
  readonly #io: Io;
  /** Removes secrets, for what goes another way than by the display, such as a page. */
  readonly redact: Redactor;
  /** Removes secrets and whatever a terminal would obey. */
  readonly #clean: Redactor;
  readonly #clock: Clock | undefined;
  readonly #ticker: Ticker | undefined;
  #area: StatusArea | undefined;

  /**
   * Make it from its options.
   *
   * @param options Streams and wishes
   */
  constructor(options: DisplayOptions) {
    const { io, redact, json = false, quiet = false, verbose = false, color = false, clock, ticker } = options;
    this.json = json;
    this.quiet = quiet;
    this.verbose = verbose;
    this.paint = createPaint({ color });
    this.#io = io;
    this.redact = redact;
    this.#clean = (text) => cleanOutput(text, { redact, color });
    this.#clock = clock;
    this.#ticker = ticker;
  }

  /** How progress is shown here. */
  get mode(): StatusMode {
    if (this.quiet) return "hidden";
    return this.#io.errIsTerminal && !this.json ? "draw" : "lines";
  }

  /** Write a line unless `--quiet`. */
  log(text: string): void {
    if (!this.quiet) this.notice(text);
  }

  /** Write a line with `--verbose` only. */
  detail(text: string): void {
    if (this.verbose) this.log(text);
  }

  /** Write a line in any case: warnings, and that we are stopping. */
  notice(text: string): void {
    if (this.#area === undefined) this.#io.writeErr(`${this.#clean(text)}\n`);
    else this.#area.log(text);
  }

  /** Open the area for progress; one at a time, and the caller disposes it. */
  status(options: StatusOptions = {}): StatusArea {
    const { lines, summary, summaryMs } = options;
    this.close();
    this.#area = new StatusArea({
      io: this.#io,
      mode: this.mode,
      lines,
      summary,
      summaryMs,
      redact: this.#clean,
      clock: this.#clock,
      ticker: this.#ticker,
    });
    return this.#area;
  }

  /** Take any area away, so that what follows stands on clean lines. */
  close(): void {
    this.#area?.[Symbol.dispose]();
    this.#area = undefined;
  }
}
