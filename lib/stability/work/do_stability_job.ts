import { type Clock, HastyClock, KitError, systemClock } from "../../base/mod.ts";
import {
  DEFAULT_CHOICE,
  download,
  type DownloadEvent,
  type Library,
  openEngine,
  openLibrary,
  type PlanTarget,
  type RunFailsafe,
  verifyLibrary,
} from "../../downloader/mod.ts";
import { Failsafe, RETRY_POLICY } from "../../failsafe/mod.ts";
import { type Profile, PROFILES } from "../../transfer/mod.ts";
import { CountedTraffic } from "./counted_traffic.ts";
import { MachineLag } from "../facts/machine_lag.ts";
import { LIMIT_SHARE } from "../facts/silence_limits.ts";
import { type LostItem, NO_ANSWER, type StabilityAnswer, type StabilityJob } from "../stability_job.ts";

/** Options of {@linkcode doStabilityJob}. */
export interface DoStabilityJobOptions {
  /** Signal that stops the job. */
  readonly signal: AbortSignal;
  /** Reports progress; a job that reports none for too long counts as deadlocked. */
  readonly beat: (state?: string) => void;
}

/** Everything that the sandbox offers: a limit that leaves something out would hide what a plan drops. */
const CHOICE = { ...DEFAULT_CHOICE, previews: 20, gallery: 20, maxImages: 1000 };
const ONLY_FILES = { ...DEFAULT_CHOICE, previews: 0, gallery: 0, maxImages: 0 };

/**
 * Do one job with the real engine, and count requests and bytes, so that they can be compared with the count of the
 * server.
 *
 * @param job The job
 * @param options Signal and progress
 * @returns Its counts
 * @throws {KitError} If the run was stopped, for example because the disk is full
 */
export async function doStabilityJob(job: StabilityJob, options: DoStabilityJobOptions): Promise<StabilityAnswer> {
  const { kind, folder } = job;
  const { signal, beat } = options;
  const clock = clockOf(job);
  using lag = new MachineLag();
  beat("opening the library");
  let waits = 0;
  using library = await openLibrary(folder, {
    command: kind,
    signal,
    scratch: kind === "plan",
    waitMs: job.libraryWaitMs,
    onWait: () => void waits++,
  });
  if (kind === "verify") return await verify(library, options);
  const traffic = new CountedTraffic(job.id, () => beat());
  const tally = new Tally(beat);
  await fetchAll(job, { library, traffic, tally, signal, clock });
  return { ...tally.answer(), lags: lag.seconds, bytes: traffic.bytes, sent: traffic.exchanges, waits };
}

function clockOf({ haste = 1 }: StabilityJob): Clock {
  return haste === 1 ? systemClock : new HastyClock(haste);
}

interface FetchAllOptions {
  readonly library: Library;
  readonly traffic: CountedTraffic;
  readonly tally: Tally;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

async function fetchAll(job: StabilityJob, options: FetchAllOptions): Promise<void> {
  const { library, traffic, tally, signal, clock } = options;
  const { apiOrigin, token, kind, engine: name, timeouts } = job;
  const { adaptiveTimeout: adaptive } = RETRY_POLICY;
  const { connections = PROFILES[name].connections } = job;
  const profile = { ...scaledProfile(PROFILES[name], job.silentMs), connections };
  tally.limit = profile.connections;
  const failsafe = Failsafe.inMemory({
    ceiling: profile.name,
    onEvent: ({ time: _, ...event }) => tally.record(event),
    groupOf: () => "the sandbox",
  });
  using engine = openEngine({
    library,
    profile,
    failsafe: watchedFailsafe(failsafe, tally.beat),
    wrapTransport: (send) => traffic.transport(send),
    env: () => undefined,
    onEvent: tally.record,
    clock,
    // What is hastened is not about power cuts, and shall not wait for the disk.
    durable: clock === systemClock,
    // These apply to every engine, also to one that the failsafe steps down to.
    hostTimeouts: [
      ...timeouts === "fixed" ? [{ host: "*", step: "headers", ms: profile.headerTimeoutMs } as const] : [],
      { host: "*", step: "body", ms: profile.stallMs },
    ],
    // A tenth of what users have; what is changed there is found here.
    adaptiveTimeout: { minMs: LIMIT_SHARE * adaptive.minMs, maxMs: LIMIT_SHARE * adaptive.maxMs },
    client: {
      timeoutMs: job.silentMs ?? LIMIT_SHARE * RETRY_POLICY.apiRequest.timeoutMs,
      baseUrl: apiOrigin,
      token,
      modelRate: 0,
      imageRate: 0,
      downloadRate: 0,
      fetch: traffic.fetch,
    },
  });
  const result = await download({
    ...engine,
    targets: targetsOf(job, library),
    choice: job.onlyFiles === true ? ONLY_FILES : CHOICE,
    command: kind,
    reserveBytes: 0,
    approve({ runId }) {
      // A plan that is declined leaves no rows.
      if (kind === "plan") tally.planned = Array.from(library.catalog.items({ runId }), ({ key }) => key);
      return Promise.resolve(kind !== "plan");
    },
    signal,
  });
  tally.mode = failsafe.mode;
  tally.problems = result.plan.problems.map(({ target, failure = null, message }) => ({ target, failure, message }));
  const stopped = result.run?.stopped ?? null;
  if (stopped === null) return;
  if (stopped.code === "unsafe") throw new KitError(stopped.code, stopped.message);
  tally.stopped = { failure: stopped.failure ?? causeOf(failsafe), message: stopped.message };
}

/** The engine's own limits for silence, of which a run takes a tenth; a saboteur's are then found too. */
function scaledProfile(profile: Profile, silentMs: number | null): Profile {
  const { headerTimeoutMs, stallMs, stallBytes } = profile;
  const bodyMs = silentMs ?? LIMIT_SHARE * stallMs;
  return {
    ...profile,
    headerTimeoutMs: silentMs ?? LIMIT_SHARE * headerTimeoutMs,
    stallMs: bodyMs,
    stallBytes: Math.ceil(stallBytes * bodyMs / stallMs),
  };
}

/** A failsafe that is asked is a sign of life: an item may wait for its host for minutes, and asks all the time. */
function watchedFailsafe(failsafe: Failsafe, beat: () => void): RunFailsafe {
  return {
    get mode() {
      return failsafe.mode;
    },
    admit(key) {
      beat();
      return failsafe.admit(key);
    },
    status: () => failsafe.status(),
  };
}

/** What made the failsafe pause: the failure that opened a breaker; `null` if none is open. */
function causeOf(failsafe: Failsafe): string | null {
  return failsafe.status().breakers.find(({ cause }) => cause !== null)?.cause?.failure ?? null;
}

function targetsOf({ kind, creators }: StabilityJob, library: Library): readonly PlanTarget[] {
  if (kind !== "update") return creators.map((username) => ({ type: "user", username }));
  const items = library.catalog.items({ kinds: ["file"] });
  const ids = new Set(Array.from(items, (item) => item.modelId).filter((id) => id !== null));
  return [{ type: "models", ids: [...ids] }];
}

async function verify(library: Library, { signal, beat }: DoStabilityJobOptions): Promise<StabilityAnswer> {
  const { files, problems } = await verifyLibrary(library, { deep: true, signal, onProgress: () => beat("verifying") });
  // An intact file does not count as a successful download, but a damaged file counts as a failed one.
  const lost = problems.map(({ key, path, reason }) => {
    return { key: key ?? path, path, failure: "integrity", message: reason };
  });
  return { ...NO_ANSWER, lost, checked: files };
}

/** Counts the events of a run. */
class Tally {
  mode = "turbo";
  limit = 0;
  planned: readonly string[] = [];
  problems: StabilityAnswer["problems"] = [];
  stopped: StabilityAnswer["stopped"] = null;
  readonly #report: (state?: string) => void;
  #retries = 0;
  #transitions = 0;
  #wasStable = false;
  readonly #done = new Set<string>();
  readonly #lost = new Map<string, LostItem>();

  constructor(beat: (state?: string) => void) {
    this.#report = beat;
  }

  /** Give a sign of life without a new state. */
  readonly beat = (): void => this.#report();

  readonly record = (event: DownloadEvent): void => {
    this.#report("item" in event ? `${event.type} ${event.item.path}` : event.type);
    if (event.type === "mode" && event.to === "stable") this.#wasStable = true;
    if (event.type === "retry") this.#retries++;
    else if (event.type === "breaker" || event.type === "mode") this.#transitions++;
    else if (event.type === "limit") this.limit = event.to;
    else if (event.type === "end") this.#recordEnd(event);
  };

  /** Keep the last end of each item: a later pass may fetch what an earlier one did not. */
  #recordEnd({ item: { key, path }, outcome, failure, message }: DownloadEvent & { readonly type: "end" }): void {
    if (failure !== null) {
      this.#lost.set(key, { key, path, failure, message: message ?? outcome });
      return;
    }
    this.#lost.delete(key);
    if (outcome !== "already there") this.#done.add(key);
  }

  answer(): StabilityAnswer {
    const lost = [...this.#lost.values()];
    return {
      ...NO_ANSWER,
      done: this.#done.size,
      lost,
      planned: this.planned,
      problems: this.problems,
      stopped: this.stopped,
      // Two parts of the program accessed the same catalog or file at the same time.
      concurrencyErrors: lost.filter(({ message }) => /\b(locked|busy|held by)\b/i.test(message)).length,
      retries: this.#retries,
      transitions: this.#transitions,
      mode: this.mode,
      wasStable: this.#wasStable,
      limit: this.limit,
    };
  }
}
