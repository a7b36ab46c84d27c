import { join } from "node:path";
import { type Redactor, VERSION } from "../../base/mod.ts";
import type { RequestNotice } from "../../civitai/mod.ts";
import type { Failsafe } from "../../failsafe/mod.ts";
import { judgeRuns, readRuns, stateFolder } from "../../library/mod.ts";
import { bindOpenTelemetry, MetricRegistry } from "../../metrics/mod.ts";
import { HostMemory } from "../hosts/host_memory.ts";
import { HostWatch } from "../hosts/host_watch.ts";
import type { DownloadEvent } from "../download_event.ts";
import type { Library } from "../open_library.ts";
import { ActiveSnapshot } from "../watch/active_snapshot.ts";
import { DownloadMeter } from "../watch/download_meter.ts";
import { openEventLog } from "../watch/event_log.ts";
import { ProgressWatch } from "../watch/progress_watch.ts";
import { openRunJournals, type RunJournals } from "./_run_journals.ts";

/** Where the logs of a run go. */
export interface RunLogs {
  /** Folder of `download.log` and of the journals. */
  readonly folder: string;
  /** Hides secrets in what is logged. */
  readonly redact: Redactor;
}

/** Options of {@linkcode openRunWatch}. */
export interface RunWatchOptions {
  readonly logs: RunLogs;
  /** Connections that the profile allows a file. */
  readonly connections: number;
  /** Whether a limit on the speed hides how fast a host is, or has hidden it. */
  readonly isLimited: () => boolean;
  /** Called with every event, after it is in the log. */
  readonly onEvent: (event: DownloadEvent) => void;
  readonly onWarning: (message: string) => void;
}

/** Log, metrics, speed of hosts and progress of a run. */
export interface RunWatch extends AsyncDisposable {
  readonly progress: ProgressWatch;
  readonly record: (event: DownloadEvent) => void;
  readonly recordRequest: (notice: RequestNotice) => void;
  readonly recordArm: (arm: string, outcome: string) => void;
  /** Opens the journals, which also record the state of the failsafe. */
  readonly openJournals: (failsafe: Pick<Failsafe, "status">) => RunJournals;
}

/** Open what observes a run. */
export async function openRunWatch(library: Pick<Library, "root">, options: RunWatchOptions): Promise<RunWatch> {
  const { logs: { folder, redact }, connections, isLimited, onEvent, onWarning } = options;
  await using stack = new AsyncDisposableStack();
  const log = stack.use(openEventLog(folder, { redact }));
  const memory = stack.use(await HostMemory.open(library, { onWarning }));
  const hosts = new HostWatch({
    memory,
    connections,
    get isLimited() {
      return isLimited();
    },
  });
  const state = stateFolder(library.root);
  const { silentMs: silentBeforeMs } = judgeRuns(await readRuns(state));
  const progress = new ProgressWatch({ silentBeforeMs });
  const registry = new MetricRegistry();
  const meter = new DownloadMeter(registry);
  stack.use(await bindOpenTelemetry(registry, { meterName: "civitai-dl", version: VERSION }));
  const active = stack.use(
    new ActiveSnapshot(join(state, "active"), {
      silence: () => progress.silence,
      onWarning,
      hosts: () => hosts.readings(),
    }),
  );
  const owned = stack.move();
  return {
    progress,
    record(event) {
      log.write(event);
      onEvent(event);
      progress.record(event);
      meter.record(event);
      hosts.record(event);
      active.record(event);
    },
    recordRequest(notice) {
      if (notice.status !== null) progress.recordAnswer();
      meter.recordRequest(notice);
      hosts.recordRequest(notice);
    },
    recordArm: (arm, outcome) => meter.recordArm(arm, outcome),
    openJournals: (failsafe) =>
      openRunJournals(registry, {
        logs: folder,
        instruments: meter.instruments,
        failsafe,
        hosts: () => hosts.readings(),
        outageMs: () => progress.outageMs,
        redact,
        onWarning,
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
