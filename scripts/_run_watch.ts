import type { Redactor } from "../lib/base/mod.ts";
import type { RequestNotice } from "../lib/civitai/mod.ts";
import type { CommandContext } from "../lib/cli/mod.ts";
import { join } from "node:path";
import { ActiveSnapshot, type DownloadEvent, type Library, STATE_FOLDER } from "../lib/downloader/mod.ts";
import type { Failsafe } from "../lib/failsafe/mod.ts";
import { openRunFailsafe, type RunFailsafeOptions } from "./_run_failsafe.ts";
import { openTelemetry } from "./_telemetry.ts";

/** Options of {@linkcode openRunWatch}. */
export interface RunWatchOptions extends Omit<RunFailsafeOptions, "onEvent"> {
  /** Where the journals are. */
  readonly logs: string;
  readonly redact: Redactor;
  /** Told of all that happens, the failsafe's events included. */
  readonly onEvent: (event: DownloadEvent) => void;
}

/** What watches over a run, and writes down how it goes. */
export interface RunWatch extends AsyncDisposable {
  readonly failsafe: Failsafe;
  /** Tell what happens. */
  readonly see: (event: DownloadEvent) => void;
  /** Tell of an exchange with the API. */
  readonly seeRequest: (notice: RequestNotice) => void;
}

/** Open failsafe, metrics, failure log and the snapshot of what is under way. */
export async function openRunWatch(
  context: Pick<CommandContext, "flags" | "env" | "given">,
  library: Pick<Library, "root">,
  options: RunWatchOptions,
): Promise<RunWatch> {
  const { logs, redact, onWarning, onEvent } = options;
  await using stack = new AsyncDisposableStack();
  // Each tells the other, and one has to be first.
  const later: { failsafe?: Failsafe } = {};
  const telemetry = stack.use(await openTelemetry({ logs, redact, onWarning, status: () => later.failsafe?.status() }));
  const active = stack.use(new ActiveSnapshot(join(library.root, STATE_FOLDER, "state", "active"), { onWarning }));
  const see = (event: DownloadEvent): void => {
    onEvent(event);
    telemetry.see(event);
    active.see(event);
  };
  const failsafe = later.failsafe = stack.use(await openRunFailsafe(context, library, { ...options, onEvent: see }));
  const owned = stack.move();
  return { failsafe, see, seeRequest: telemetry.seeRequest, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
