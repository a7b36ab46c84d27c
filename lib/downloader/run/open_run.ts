import { join } from "node:path";
import { type DayLimits, type Env, type HostTimeout, type Redactor, VERSION } from "../../base/mod.ts";
import type { RequestNotice } from "../../civitai/mod.ts";
import type { Failsafe, FailsafeOptions, TimedWait } from "../../failsafe/mod.ts";
import { judgeRuns, readRuns, stateFolder } from "../../library/mod.ts";
import { bindOpenTelemetry, MetricRegistry } from "../../metrics/mod.ts";
import type { Profile } from "../../transfer/mod.ts";
import { openLibraryRollout } from "../arms/open_library_rollout.ts";
import { HostMemory } from "../hosts/host_memory.ts";
import { HostWatch } from "../hosts/host_watch.ts";
import { type Engine, type EngineOptions, openEngine } from "../open_engine.ts";
import type { Library } from "../open_library.ts";
import { openLibraryFailsafe } from "../open_library_failsafe.ts";
import { openDayQuota } from "../quota/open_day_quota.ts";
import { ActiveSnapshot } from "../watch/active_snapshot.ts";
import type { DownloadEvent } from "../download_event.ts";
import { DownloadMeter } from "../watch/download_meter.ts";
import { openEventLog } from "../watch/event_log.ts";
import { ProgressWatch } from "../watch/progress_watch.ts";
import { openRunJournals } from "./_run_journals.ts";

/** How {@linkcode openRun} opens a run; every field is required, so that a command forgets none. */
export interface RunSettings {
  /** Name of the command, for whoever waits for its state. */
  readonly command: string;
  /** Folder of `download.log` and of the journals. */
  readonly logs: string;
  /** Whether nothing is fetched: then there are no journals, no failsafe, no quota and no rollout. */
  readonly isDryRun: boolean;
  /** Whether a rollout decides about the files, if the library has one. It does not if `force` fixes the mode. */
  readonly hasRollout: boolean;
  /** The most aggressive profile that may be used. */
  readonly profile: Profile;
  /** Fixes the mode of the failsafe; `undefined` if nobody asks for one. */
  readonly force: FailsafeOptions["force"];
  /** Limits of any period of 24 hours; `undefined` for none. */
  readonly limits: DayLimits | undefined;
  /** Time without a received byte after which a host, an API request or an item fails, in milliseconds. */
  readonly patienceMs: number;
  /** How often a transfer is tried again; `undefined` for the usual number. */
  readonly maxRetries: number | undefined;
  /** Limits the bytes per second of all transfers together; `undefined` for no limit. */
  readonly limiter: EngineOptions["limiter"];
  /** Whether files and their folders are flushed to the disk before they count as done. */
  readonly durable: boolean;
  /** Time limits of single hosts, in place of the usual ones. */
  readonly hostTimeouts: readonly HostTimeout[];
  /** Options of the API client, with the longest wait for a response. */
  readonly client: NonNullable<EngineOptions["client"]> & { readonly timeoutMs: number };
  /** Reads a variable of the environment. */
  readonly env: Env;
  /** Hides secrets in what is logged. */
  readonly redact: Redactor;
  /** Called with every event, including those of the failsafe, after it is in the log. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Called with what a person should know, and what stops nothing. */
  readonly onWarning: (message: string) => void;
}

/** A run that may begin: its engine, which everything observes that a run has. */
export interface Run extends AsyncDisposable {
  /** Fetches; it ends with the run. */
  readonly engine: Engine;
  /** Learns which files wait for bytes; `undefined` in a dry run. */
  readonly progress: ProgressWatch | undefined;
}

/**
 * Open everything that a run has besides its targets: log, quota, failsafe, metrics, journals, rollout and engine.
 *
 * @param library The library, which the run holds
 * @param settings What flags and environment say
 * @returns The run; dispose it to write what was counted
 */
export async function openRun(library: Library, settings: RunSettings): Promise<Run> {
  const { command, profile, force, hasRollout, limits, redact, isDryRun, onWarning } = settings;
  await using stack = new AsyncDisposableStack();
  const quota = isDryRun ? undefined : stack.use(await openDayQuota(library, { limits, onWarning }));
  const log = isDryRun ? undefined : stack.use(openEventLog(settings.logs, { redact }));
  const onEvent = (event: DownloadEvent): void => {
    log?.write(event);
    settings.onEvent(event);
  };
  const watch = isDryRun ? undefined : stack.use(await openWatch(library, { ...settings, onEvent }));
  const { record = onEvent, recordRequest, recordWait, recordArm, failsafe, progress } = watch ?? {};
  const isRolledOut = hasRollout && !isDryRun && force === undefined;
  const rollout = isRolledOut
    ? stack.use(await openLibraryRollout(library, { command, onEvent: record, onOutcome: recordArm, onWarning }))
    : undefined;
  const { maxRetries, patienceMs, limiter, durable, hostTimeouts, env, client } = settings;
  const engine = stack.use(openEngine({
    library,
    profile,
    failsafe,
    quota,
    rollout,
    progress,
    maxRetries,
    patienceMs,
    limiter,
    durable,
    hostTimeouts,
    env,
    client: { ...client, onRequest: recordRequest },
    onWait: recordWait,
    onEvent: record,
  }));
  const owned = stack.move();
  return { engine, progress, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Failsafe, metrics and journals of a run. */
interface RunWatch extends AsyncDisposable {
  readonly failsafe: Failsafe;
  readonly progress: ProgressWatch;
  readonly record: (event: DownloadEvent) => void;
  readonly recordRequest: (notice: RequestNotice) => void;
  readonly recordWait: (wait: TimedWait) => void;
  readonly recordArm: (arm: string, outcome: string) => void;
}

async function openWatch(library: Pick<Library, "root">, settings: RunSettings): Promise<RunWatch> {
  const { logs, profile, redact, hostTimeouts, client, limiter, onWarning, onEvent } = settings;
  await using stack = new AsyncDisposableStack();
  const memory = stack.use(await HostMemory.open(library, { onWarning }));
  const hosts = new HostWatch({ memory, connections: profile.connections, isLimited: limiter !== undefined });
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
  const notify = (event: DownloadEvent): void => {
    onEvent(event);
    progress.record(event);
    meter.record(event);
    hosts.record(event);
    active.record(event);
  };
  const failsafe = stack.use(
    await openLibraryFailsafe(library, {
      ...settings,
      baseUrl: client.baseUrl,
      // A probe of a breaker may take as long as the longest timeout.
      timeoutMs: Math.max(client.timeoutMs, ...hostTimeouts.map(({ ms }) => ms)),
      silentMs: () => progress.silentMs,
      onEvent: notify,
    }),
  );
  const journals = stack.use(openRunJournals(registry, {
    logs,
    instruments: meter.instruments,
    failsafe,
    hosts: () => hosts.readings(),
    outageMs: () => progress.outageMs,
    redact,
    onWarning,
  }));
  const owned = stack.move();
  return {
    failsafe,
    progress,
    record(event) {
      notify(event);
      journals.recordFailure(event);
    },
    recordRequest(notice) {
      if (notice.status !== null) progress.recordAnswer();
      meter.recordRequest(notice);
      hosts.recordRequest(notice);
    },
    recordWait: journals.recordWait,
    recordArm: (arm, outcome) => meter.recordArm(arm, outcome),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
