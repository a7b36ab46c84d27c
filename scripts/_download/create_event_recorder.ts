import { escapeJsonControls } from "../../lib/base/mod.ts";
import {
  ClosedOutputError,
  type CommandContext,
  type Display,
  renderBar,
  shortenPath,
  type StatusArea,
  textWidth,
} from "../../lib/cli/mod.ts";
import { type DownloadEvent, type LibraryRow, Progress } from "../../lib/downloader/mod.ts";
import { renderExpected } from "./render_expected.ts";
import { renderListing, renderUnreadable } from "./render_plan.ts";
import { reportFailsafe } from "./report_failsafe.ts";

/** Receives the events of a run. */
export interface EventRecorder extends Disposable {
  /** Record one event. */
  readonly record: (event: DownloadEvent) => void;
  /** Write the items of the plan as events, with `--events`; too many for the log and for the terminal. */
  readonly recordPlan: (items: Iterable<LibraryRow>) => void;
  /** Close the progress area, for a prompt; the next event opens it again. */
  readonly pause: () => void;
}

/** Show progress on the terminal, and write events, with `--events`, to standard output. */
export function createEventRecorder(
  context: Pick<CommandContext<{ readonly events: boolean }>, "display" | "flags" | "io">,
): EventRecorder {
  const { display, flags, io } = context;
  const progress = new Progress();
  // The area keeps the last column free.
  const lines = () => renderProgress(progress, io.width() - 1);
  // A prompt on the terminal closes the area; the next event opens it again.
  const open = () => display.openStatus({ lines, summary: () => progress.summary() });
  let area: StatusArea | undefined = open();
  let isStreaming = flags.events;
  const stream = (event: DownloadEvent): void => {
    try {
      const json = JSON.stringify({ schema: "civitai-dl/event", version: 1, ...event });
      io.writeOut(`${escapeJsonControls(display.redact(json))}\n`);
    } catch (error) {
      if (!(error instanceof ClosedOutputError)) throw error;
      // The reader of the events has exited; the download continues without it.
      isStreaming = false;
    }
  };
  return {
    record(event) {
      progress.record(event);
      if (isStreaming) stream(event);
      reportEvent(event, display);
      area ??= open();
      area.refresh();
    },
    recordPlan(items) {
      for (const item of items) {
        if (!isStreaming) return;
        stream({ type: "planned", item });
      }
    },
    pause() {
      area?.[Symbol.dispose]();
      area = undefined;
    },
    [Symbol.dispose]: () => area?.[Symbol.dispose](),
  };
}

/** Columns of the whole bar, and of that of a file. */
const BAR_WIDTH = 24;
const FILE_BAR_WIDTH = 16;

/** Draw the progress so that speed and time left are in sight: the bar gets the columns that they leave. */
function renderProgress(progress: Progress, width: number): readonly string[] {
  const whole = progress.summary();
  const summary = textWidth(whole) > width ? progress.summary({ isShort: true }) : whole;
  const barWidth = Math.min(BAR_WIDTH, width - 1 - textWidth(summary));
  const bar = barWidth < 4 ? "" : `${renderBar(progress.fraction(), barWidth)} `;
  const files = progress.current().map(({ fraction, path }) =>
    `  ${renderBar(fraction, FILE_BAR_WIDTH)} ${shortenPath(path, width - FILE_BAR_WIDTH - 3)}`
  );
  return [`${bar}${summary}`, ...files];
}

function reportEvent(event: DownloadEvent, display: Display): void {
  // The final summary repeats listings, unreadable entries and warnings about a target, so they are printed here only
  // on a terminal.
  const isWatched = display.mode === "draw";
  if (event.type === "warning" && (isWatched || event.target === undefined)) {
    const next = event.willRetry ? "; it is tried again at the end of the run, unless that stops before" : "";
    display.log(`warning: ${event.message}${next}`);
  }
  if (event.type === "unreadable" && isWatched) display.log(`warning: skipped ${renderUnreadable(event)}`);
  if (event.type === "listed" && event.listing !== undefined && isWatched) {
    display.log(renderListing(event.target, event.listing));
  }
  if (event.type === "expect") {
    const expected = renderExpected(event.target, event);
    if (expected !== null) display.log(expected);
  }
  if (event.type === "end" && event.message !== null) {
    const code = event.failure === null || event.outcome !== "failed" ? "" : ` (${event.failure})`;
    display.log(`${event.outcome}: ${event.item.path}: ${event.message}${code}`);
  }
  if (event.type === "retry") display.detail(`retry ${event.attempt} for ${event.item.path}: ${event.failure}`);
  if (event.type === "restart") display.detail(`restart of ${event.item.path}: ${event.reason}`);
  reportFailsafe(event, display);
}
