import { escapeJsonControls } from "../../lib/base/mod.ts";
import { ClosedOutputError, type CommandContext, type Display, renderBar, type StatusArea } from "../../lib/cli/mod.ts";
import { type DownloadEvent, type EventLog, Progress } from "../../lib/downloader/mod.ts";
import { renderExpected } from "./render_expected.ts";
import { renderListing, renderUnreadable } from "./render_plan.ts";
import { reportFailsafe } from "./report_failsafe.ts";

/** Show progress on the terminal, and write events to the log and, with `--events`, to standard output. */
export function createEventRecorder(
  context: Pick<CommandContext<{ readonly events: boolean }>, "display" | "flags" | "io">,
  log: EventLog | undefined,
): Disposable & { readonly record: (event: DownloadEvent) => void; readonly pause: () => void } {
  const { display, flags, io } = context;
  const progress = new Progress();
  const lines = () => [
    `${renderBar(progress.fraction(), 24)} ${progress.summary()}`,
    ...progress.current().map((file) => `  ${renderBar(file.fraction, 16)} ${file.path}`),
  ];
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
      log?.write(event);
      if (isStreaming) stream(event);
      reportEvent(event, display);
      area ??= open();
      area.refresh();
    },
    pause() {
      area?.[Symbol.dispose]();
      area = undefined;
    },
    [Symbol.dispose]: () => area?.[Symbol.dispose](),
  };
}

function reportEvent(event: DownloadEvent, display: Display): void {
  // The final summary repeats listings, unreadable entries and warnings about a target, so they are printed here only
  // on a terminal.
  const isWatched = display.mode === "draw";
  if (event.type === "warning" && (isWatched || event.target === undefined)) display.log(`warning: ${event.message}`);
  if (event.type === "unreadable" && isWatched) display.log(`warning: skipped ${renderUnreadable(event)}`);
  if (event.type === "listed" && isWatched) display.log(renderListing(event.target, event.listing));
  if (event.type === "expect") {
    const expected = renderExpected(event.target, event);
    if (expected !== null) display.log(expected);
  }
  if (event.type === "end" && event.message !== null) {
    display.log(`${event.outcome}: ${event.item.path}: ${event.message}`);
  }
  if (event.type === "retry") display.detail(`retry ${event.attempt} for ${event.item.path}: ${event.failure}`);
  if (event.type === "restart") display.detail(`restart of ${event.item.path}: ${event.reason}`);
  reportFailsafe(event, display);
}
