import { join } from "node:path";
import type { Redactor } from "../../lib/base/mod.ts";
import type { RequestNotice } from "../../lib/civitai/mod.ts";
import {
  ActiveSnapshot,
  type DownloadEvent,
  HostMemory,
  HostWatch,
  type Library,
  ProgressWatch,
} from "../../lib/downloader/mod.ts";
import { judgeRuns, readRuns, stateFolder } from "../../lib/library/mod.ts";
import type { Failsafe, TimedWait } from "../../lib/failsafe/mod.ts";
import type { Profile } from "../../lib/transfer/mod.ts";
import { type FailsafeContext, openRunFailsafe } from "./run_failsafe.ts";
import { openTelemetry } from "./telemetry.ts";

/** Options of {@linkcode openRunWatch}. */
export interface RunWatchOptions {
  /** Folder of the journals. */
  readonly logs: string;
  /** Profile selected by flags and environment. */
  readonly profile: Profile;
  readonly redact: Redactor;
  /** Whether this is a dry run, which has no journals and no failsafe. */
  readonly isDryRun: boolean;
  /** Called with every event, including those of the failsafe. */
  readonly onEvent: (event: DownloadEvent) => void;
  readonly onWarning: (message: string) => void;
}

/** Failsafe, metrics and journals of a run. */
export interface RunWatch extends AsyncDisposable {
  /** Decides which hosts may be contacted, and in which mode; `undefined` in a dry run. */
  readonly failsafe: Failsafe | undefined;
  /** Records an event. */
  readonly record: (event: DownloadEvent) => void;
  /** Records an exchange with the API. */
  readonly recordRequest: (notice: RequestNotice) => void;
  /** Records a wait that a timeout limits; `undefined` in a dry run. */
  readonly recordWait: ((wait: TimedWait) => void) | undefined;
  /** Records a file that the judge of a rollout counts. */
  readonly recordArm: (arm: string, outcome: string) => void;
  /** Learns which files wait for bytes; `undefined` in a dry run. */
  readonly progress: ProgressWatch | undefined;
  /** Registers the host of the API; called as soon as it is known. */
  readonly setApi: (baseUrl: string) => void;
}

/** Open failsafe, metrics, failure log and the snapshot of active downloads. */
export async function openRunWatch(
  context: FailsafeContext,
  library: Pick<Library, "root">,
  options: RunWatchOptions,
): Promise<RunWatch> {
  const apiHosts = new Set(["civitai.red"]);
  await using stack = new AsyncDisposableStack();
  const journals = options.isDryRun
    ? {
      record: options.onEvent,
      recordRequest: () => {},
      recordWait: undefined,
      recordArm: () => {},
      failsafe: undefined,
      progress: undefined,
    }
    : stack.use(await openJournals(context, library, { ...options, apiHosts }));
  const { record, recordRequest, recordWait, recordArm, failsafe, progress } = journals;
  const owned = stack.move();
  return {
    failsafe,
    progress,
    record,
    recordRequest,
    recordWait,
    recordArm,
    setApi: (baseUrl) => void apiHosts.add(new URL(baseUrl).host),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Journals extends AsyncDisposable, Pick<RunWatch, "record" | "recordRequest" | "recordWait" | "recordArm"> {
  readonly failsafe: Failsafe;
  readonly progress: ProgressWatch;
}

async function openJournals(
  context: FailsafeContext,
  library: Pick<Library, "root">,
  options: RunWatchOptions & { readonly apiHosts: ReadonlySet<string> },
): Promise<Journals> {
  const { logs, profile, redact, onWarning, onEvent } = options;
  await using stack = new AsyncDisposableStack();
  const memory = stack.use(await HostMemory.open(library, { onWarning }));
  const { connections } = profile;
  const hosts = new HostWatch({ memory, connections, isLimited: context.flags.limitRate !== undefined });
  // Telemetry reads the failsafe's status and the failsafe reports events to telemetry, but one must exist first.
  const later: { failsafe?: Failsafe } = {};
  const { silentMs: silentBeforeMs } = judgeRuns(await readRuns(stateFolder(library.root)));
  const progress = new ProgressWatch({ silentBeforeMs });
  const silentMs = (): number => progress.silentMs;
  const telemetry = stack.use(
    await openTelemetry({
      logs,
      redact,
      onWarning,
      outageMs: () => progress.outageMs,
      status: () => later.failsafe?.status(),
      hosts: () => hosts.readings(),
    }),
  );
  const active = stack.use(
    new ActiveSnapshot(join(stateFolder(library.root), "active"), {
      silence: () => progress.silence,
      onWarning,
      hosts: () => hosts.readings(),
    }),
  );
  const record = (event: DownloadEvent): void => {
    onEvent(event);
    progress.record(event);
    telemetry.record(event);
    hosts.record(event);
    active.record(event);
  };
  const failsafe = later.failsafe = stack.use(
    await openRunFailsafe(context, library, { ...options, silentMs, onEvent: record }),
  );
  const owned = stack.move();
  return {
    failsafe,
    progress,
    record,
    recordRequest(notice) {
      if (notice.status !== null) progress.recordAnswer();
      telemetry.recordRequest(notice);
      hosts.recordRequest(notice);
    },
    recordWait: telemetry.recordWait,
    recordArm: telemetry.recordArm,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
