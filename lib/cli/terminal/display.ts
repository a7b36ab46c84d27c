import type { Redactor } from "../../base/mod.ts";
import { cleanOutput } from "./clean_output.ts";
import type { Io } from "./io.ts";
import type { NameCommands } from "../name_commands.ts";
import { createPaint, type Paint } from "./paint.ts";
import { StatusArea, type StatusMode } from "./status_area.ts";
import type { Ticker } from "./system_ticker.ts";

/** Options of {@linkcode Display}. */
export interface DisplayOptions {
  /** The streams; only standard error is written to. */
  readonly io: Io;
  /** Removes secrets from all output. */
  readonly redact: Redactor;
  /**
   * Rewrites the commands in a text into those that the reader can type.
   *
   * @default {text stays as it is}
   */
  readonly nameCommands?: NameCommands | undefined;
  /**
   * Whether the result is printed as JSON; progress is then written as lines.
   *
   * @default {false}
   */
  readonly json?: boolean;
  /**
   * Whether only the result and errors are printed.
   *
   * @default {false}
   */
  readonly quiet?: boolean;
  /**
   * Whether details are printed too.
   *
   * @default {false}
   */
  readonly verbose?: boolean;
  /**
   * Whether to use colors on standard error.
   *
   * @default {false}
   */
  readonly color?: boolean;
  /**
   * The timer that redraws progress.
   *
   * @default {systemTicker}
   */
  readonly ticker?: Ticker | undefined;
}

/** Options of {@linkcode Display.openStatus}. */
export interface StatusOptions {
  /** Returns the lines to draw; see {@linkcode StatusAreaOptions}. */
  readonly lines?: () => readonly string[];
  /** Returns the line that replaces the area if it cannot be drawn; `undefined` to write nothing. */
  readonly summary?: () => string | undefined;
  /**
   * The milliseconds between two summaries.
   *
   * @default {30000}
   */
  readonly summaryMs?: number;
}

/** Writes a command's log lines and progress to standard error. */
export class Display {
  /** Whether the result is printed as JSON. */
  readonly json: boolean;
  /** Whether only the result and errors are printed. */
  readonly quiet: boolean;
  /** Whether details are printed too. */
  readonly verbose: boolean;
  /** The styles for standard error; without colors they do nothing. */
  readonly paint: Paint;
  readonly #io: Io;
  /** Removes secrets; for output that does not pass through the display, such as a web page. */
  readonly redact: Redactor;
  /** Names commands as the reader types them; for output that does not pass through the display. */
  readonly nameCommands: NameCommands;
  /** Names commands as the reader types them; removes secrets and terminal control sequences. */
  readonly #clean: Redactor;
  readonly #ticker: Ticker | undefined;
  #area: StatusArea | undefined;

  /** Create a display; nothing is written yet. */
  constructor(options: DisplayOptions) {
    const { io, redact, json = false, quiet = false, verbose = false, color = false, ticker } = options;
    const { nameCommands = (text) => text } = options;
    this.json = json;
    this.quiet = quiet;
    this.verbose = verbose;
    this.paint = createPaint({ color });
    this.#io = io;
    this.redact = redact;
    this.nameCommands = nameCommands;
    this.#clean = (text) => cleanOutput(nameCommands(text), { redact, color });
    this.#ticker = ticker;
  }

  /** How progress is shown: `hidden` with `--quiet`, `draw` on a terminal without `--json`, otherwise `lines`. */
  get mode(): StatusMode {
    if (this.quiet) return "hidden";
    return this.#io.errIsTerminal && !this.json ? "draw" : "lines";
  }

  /** Write a line, unless `--quiet` is given. */
  log(text: string): void {
    if (!this.quiet) this.notice(text);
  }

  /** Write a line if `--verbose` is given and `--quiet` is not. */
  detail(text: string): void {
    if (this.verbose) this.log(text);
  }

  /** Write a line even with `--quiet`: warnings, and the notice that the run is stopping. */
  notice(text: string): void {
    if (this.#area === undefined) this.#io.writeErr(`${this.#clean(text)}\n`);
    else this.#area.log(text);
  }

  /** Open a progress area, which closes the previous one. The caller disposes of it. */
  openStatus(options: StatusOptions = {}): StatusArea {
    const { lines, summary, summaryMs } = options;
    this.close();
    this.#area = new StatusArea({
      io: this.#io,
      mode: this.mode,
      lines,
      summary,
      summaryMs,
      redact: this.#clean,
      ticker: this.#ticker,
    });
    return this.#area;
  }

  /** Clear the progress area, if there is one, so that later output starts on an empty line. */
  close(): void {
    this.#area?.[Symbol.dispose]();
    this.#area = undefined;
  }
}
