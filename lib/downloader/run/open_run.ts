import type { DayLimits, Env, HostTimeout, RateSchedule } from "../../base/mod.ts";
import type { FailsafeOptions } from "../../failsafe/mod.ts";
import type { Profile } from "../../transfer/mod.ts";
import { openLibraryRollout } from "../arms/open_library_rollout.ts";
import type { DownloadEvent } from "../download_event.ts";
import { type Engine, type EngineOptions, openEngine } from "../open_engine.ts";
import type { Library } from "../open_library.ts";
import { openLibraryFailsafe } from "../open_library_failsafe.ts";
import type { Throttle } from "../fetch/limits/throttle.ts";
import { openDayQuota } from "../quota/open_day_quota.ts";
import type { ProgressWatch } from "../watch/progress_watch.ts";
import { openRunWatch, type RunLogs } from "./run_watch.ts";

/** How {@linkcode openRun} opens a run; every field is required, so that a command forgets none. */
export interface SettledRun {
  /** Name of the command, for whoever waits for its state. */
  readonly command: string;
  /**
   * Where log, metrics and failures go; with them come the usual speed of hosts and what other commands show of a run.
   * `null` for none of these.
   */
  readonly logs: RunLogs | null;
  /** Whether nothing is fetched: then there are no logs, no failsafe, no quota and no rollout. */
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
  readonly bandwidth: RateSchedule | undefined;
  /** Limits speed and connections in place of `bandwidth`; `undefined` if nobody changes them while the run goes. */
  readonly throttle: Throttle | undefined;
  /** Whether files and their folders are flushed to the disk before they count as done. */
  readonly durable: boolean;
  /** Time limits of single hosts, in place of the usual ones. */
  readonly hostTimeouts: readonly HostTimeout[];
  /** Options of the API client, with the longest wait for a response. */
  readonly client: NonNullable<EngineOptions["client"]> & { readonly timeoutMs: number };
  /** Reads a variable of the environment. */
  readonly env: Env;
  /** Called with every event, including those of the failsafe, after it is in the log, if there is one. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Called with what a person should know, and what stops nothing. */
  readonly onWarning: (message: string) => void;
}

/** A run that may begin: its engine, which everything observes that a run has. */
export interface Run extends AsyncDisposable {
  /** Fetches; it ends with the run. */
  readonly engine: Engine;
  /** Learns which files wait for bytes; `undefined` in a run without logs. */
  readonly progress: ProgressWatch | undefined;
}

/**
 * Open everything that a run has besides its targets: quota, failsafe, engine, and, as the caller says, log, metrics,
 * journals and rollout.
 *
 * @param library The library, which the run holds
 * @param settled What flags and environment say
 * @returns The run; dispose it to write what was counted
 */
export async function openRun(library: Library, settled: SettledRun): Promise<Run> {
  const { command, profile, force, limits, logs, isDryRun, client, hostTimeouts, bandwidth, onWarning } = settled;
  const { throttle, maxRetries, patienceMs, durable, env } = settled;
  await using stack = new AsyncDisposableStack();
  const quota = isDryRun ? undefined : stack.use(await openDayQuota(library, { limits, onWarning }));
  const watch = isDryRun || logs === null ? undefined : stack.use(
    await openRunWatch(library, {
      logs,
      connections: profile.connections,
      isLimited: () => throttle?.isLimited ?? bandwidth !== undefined,
      onEvent: settled.onEvent,
      onWarning,
    }),
  );
  const notify = watch?.record ?? settled.onEvent;
  const failsafe = isDryRun ? undefined : stack.use(
    await openLibraryFailsafe(library, {
      profile,
      force,
      baseUrl: client.baseUrl,
      // A probe of a breaker may take as long as the longest timeout.
      timeoutMs: Math.max(client.timeoutMs, ...hostTimeouts.map(({ ms }) => ms)),
      patienceMs,
      silentMs: watch && (() => watch.progress.silentMs),
      onEvent: notify,
      onWarning,
    }),
  );
  const journals = failsafe && watch && stack.use(watch.openJournals(failsafe));
  const onEvent = (event: DownloadEvent): void => {
    notify(event);
    journals?.recordFailure(event);
  };
  const isRolledOut = settled.hasRollout && !isDryRun && force === undefined;
  const rollout = isRolledOut
    ? stack.use(await openLibraryRollout(library, { command, onEvent, onOutcome: watch?.recordArm, onWarning }))
    : undefined;
  const progress = watch?.progress;
  const engine = stack.use(openEngine({
    library,
    profile,
    failsafe,
    quota,
    rollout,
    progress,
    maxRetries,
    patienceMs,
    bandwidth,
    throttle,
    durable,
    hostTimeouts,
    env,
    client: { ...client, onRequest: watch?.recordRequest },
    onWait: journals?.recordWait,
    onEvent,
  }));
  const owned = stack.move();
  return { engine, progress, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
