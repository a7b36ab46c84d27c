import { type Redactor, VERSION } from "../../lib/base/mod.ts";
import type { RequestNotice } from "../../lib/civitai/mod.ts";
import {
  type DownloadEvent,
  DownloadMeter,
  type HostReading,
  recordFailsafe,
  recordHosts,
  recordProcess,
} from "../../lib/downloader/mod.ts";
import {
  type FailsafeStatus,
  type FailureClass,
  FailureError,
  FailureLog,
  type TimedWait,
  TimeoutLog,
} from "../../lib/failsafe/mod.ts";
import { bindOpenTelemetry, MetricJournal, MetricRegistry } from "../../lib/metrics/mod.ts";

/** Records a run in `metrics.jsonl`, `failures.jsonl` and `timeouts.log`, for monitoring. */
export interface Telemetry extends AsyncDisposable {
  readonly record: (event: DownloadEvent) => void;
  readonly recordRequest: (notice: RequestNotice) => void;
  /** Records a wait that a timeout limits. */
  readonly recordWait: (wait: TimedWait) => void;
  /** Records a file that the judge of a rollout counts. */
  readonly recordArm: (arm: string, outcome: string) => void;
}

/** Options of {@linkcode openTelemetry}. */
export interface TelemetryOptions {
  /** Folder of the journals. */
  readonly logs: string;
  /** Returns the status of the failsafe; `undefined` before it is open. */
  readonly status: () => FailsafeStatus | undefined;
  /** Returns the hosts of the run, compared with their usual speed. */
  readonly hosts: () => readonly HostReading[];
  /** Returns `outageMs` of the run's progress. */
  readonly outageMs: () => number;
  readonly redact: Redactor;
  readonly onWarning: (message: string) => void;
}

/** Open the journals and start recording. */
export async function openTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { logs, status, hosts, outageMs, redact, onWarning } = options;
  await using stack = new AsyncDisposableStack();
  const registry = new MetricRegistry();
  const meter = new DownloadMeter(registry);
  stack.use(await bindOpenTelemetry(registry, { meterName: "civitai-dl", version: VERSION }));
  stack.use(
    new MetricJournal(logs, registry, {
      onWarning,
      async onTick() {
        const now = status();
        if (now !== undefined) recordFailsafe(meter.instruments, now);
        recordHosts(meter.instruments, hosts());
        meter.instruments.silence.set(outageMs() / 1000);
        await recordProcess(meter.instruments);
      },
    }),
  );
  const failures = new FailureLog(logs, { version: VERSION, redact, onWarning });
  const timeouts = stack.use(new TimeoutLog(logs, { onWarning }));
  const owned = stack.move();
  return {
    record(event) {
      meter.record(event);
      const failure = failureOf(event);
      if (failure === null) return;
      const now = status();
      const { host, ...entry } = failure;
      const breaker = now?.breakers.find(({ key }) => key === host)?.state;
      failures.write({ ...entry, host: host ?? undefined, mode: now?.mode.name, breaker });
    },
    recordRequest: (notice) => meter.recordRequest(notice),
    recordWait: (wait) => timeouts.record(wait),
    recordArm: (arm, outcome) => meter.recordArm(arm, outcome),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
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
