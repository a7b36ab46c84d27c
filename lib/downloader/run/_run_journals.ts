import { type Redactor, VERSION } from "../../base/mod.ts";
import {
  type Failsafe,
  type FailureClass,
  FailureError,
  FailureLog,
  type TimedWait,
  TimeoutLog,
} from "../../failsafe/mod.ts";
import { MetricJournal, type MetricRegistry } from "../../metrics/mod.ts";
import type { HostReading } from "../hosts/host_watch.ts";
import type { DownloadEvent } from "../download_event.ts";
import type { DownloadInstruments } from "../watch/download_instruments.ts";
import { recordFailsafe } from "../watch/record_failsafe.ts";
import { recordHosts } from "../watch/record_hosts.ts";
import { recordProcess } from "../watch/record_process.ts";

/** Records a run in `metrics.jsonl`, `failures.jsonl` and `timeouts.log`, for monitoring. */
export interface RunJournals extends AsyncDisposable {
  /** Records the failure that an event tells of, if it does. */
  readonly recordFailure: (event: DownloadEvent) => void;
  /** Records a wait that a timeout limits. */
  readonly recordWait: (wait: TimedWait) => void;
}

/** What {@linkcode openRunJournals} writes, and where. */
export interface RunJournalsOptions {
  /** Folder of the journals. */
  readonly logs: string;
  readonly instruments: DownloadInstruments;
  readonly failsafe: Pick<Failsafe, "status">;
  /** Returns the hosts of the run, compared with their usual speed. */
  readonly hosts: () => readonly HostReading[];
  /** Returns `outageMs` of the run's progress. */
  readonly outageMs: () => number;
  readonly redact: Redactor;
  readonly onWarning: (message: string) => void;
}

/** Open the journals and start recording. */
export function openRunJournals(registry: MetricRegistry, options: RunJournalsOptions): RunJournals {
  const { logs, instruments, failsafe, hosts, outageMs, redact, onWarning } = options;
  const metrics = new MetricJournal(logs, registry, {
    onWarning,
    async onTick() {
      recordFailsafe(instruments, failsafe.status());
      recordHosts(instruments, hosts());
      instruments.silence.set(outageMs() / 1000);
      await recordProcess(instruments);
    },
  });
  const failures = new FailureLog(logs, { version: VERSION, redact, onWarning });
  const timeouts = new TimeoutLog(logs, { onWarning });
  return {
    recordFailure(event) {
      const failure = failureOf(event);
      if (failure === null) return;
      const { mode, breakers } = failsafe.status();
      const { host, ...entry } = failure;
      const breaker = breakers.find(({ key }) => key === host)?.state;
      failures.write({ ...entry, host: host ?? undefined, mode: mode.name, breaker });
    },
    recordWait: (wait) => timeouts.record(wait),
    async [Symbol.asyncDispose]() {
      await using stack = new AsyncDisposableStack();
      stack.use(metrics);
      stack.use(timeouts);
    },
  };
}

/** Extract the failure of an event: that of one attempt, the final one of an item, or the quota that ended the run. */
function failureOf(
  event: DownloadEvent,
): { readonly error: FailureError; readonly host: string | null; readonly attempt?: number } | null {
  if (event.type === "retry") {
    const { item, attempt, host } = event;
    const failure = event.failure as FailureClass;
    return { error: new FailureError(failure, `Cannot fetch "${item.path}": ${failure}`), host, attempt };
  }
  // The account's quota ends the run: it is a failure of no item, and health-check asks when it was used up.
  if (event.type === "summary" && event.stopped?.failure === "quota") {
    return { error: new FailureError("quota", event.stopped.message), host: null };
  }
  if (event.type !== "end" || event.failure === null || event.message === null) return null;
  if (event.outcome !== "failed" && event.outcome !== "corrupted") return null;
  const { failure, message, host, refusedBy } = event;
  return { error: new FailureError(failure, message, { refusedBy }), host };
}
