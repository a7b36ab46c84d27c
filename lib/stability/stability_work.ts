import { type Clock, KitError, systemClock } from "../base/mod.ts";
import {
  DEFAULT_CHOICE,
  download,
  type DownloadEvent,
  type Library,
  openEngine,
  openLibrary,
  type PlanTarget,
  type RunSummary,
  verifyLibrary,
} from "../downloader/mod.ts";
import { Failsafe, type FailureClass } from "../failsafe/mod.ts";
import { type Profile, PROFILES } from "../transfer/mod.ts";
import { CountedTraffic } from "./counted_traffic.ts";
import { engineOf, type StabilityAnswer, type StabilityJob } from "./stability_job.ts";

/** Options of {@linkcode doStabilityJob}. */
export interface WorkContext {
  /** Signal that stops the job. */
  readonly signal: AbortSignal;
  /** Reports progress; a job that reports none for too long counts as deadlocked. */
  readonly beat: (state?: string) => void;
  /**
   * Time source, replaceable in tests.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

const TIMEOUTS: ReadonlySet<FailureClass> = new Set<FailureClass>(["timeout", "stall"]);
const CHOICE = { ...DEFAULT_CHOICE, previews: 1, gallery: 1, maxImages: 2 };

/**
 * Do one job with the real engine, and count requests and bytes, so that they can be compared with the count of the
 * server.
 *
 * @param job The job
 * @param context Signal, progress and clock
 * @returns Its counts
 * @throws {KitError} If the run was stopped, for example because the disk is full
 */
export async function doStabilityJob(job: StabilityJob, context: WorkContext): Promise<StabilityAnswer> {
  const { kind, folder } = job;
  const { signal, beat, clock = systemClock } = context;
  beat("opening the library");
  using library = await openLibrary(folder, { command: kind, signal, scratch: kind === "plan" });
  if (kind === "verify") return await verify(library, context);
  const traffic = new CountedTraffic(job.id, () => beat());
  const tally = new Tally(beat);
  await fetchAll(job, { library, traffic, tally, signal, clock });
  return { ...tally.answer(), bytes: traffic.bytes, sent: traffic.exchanges };
}

interface FetchContext {
  readonly library: Library;
  readonly traffic: CountedTraffic;
  readonly tally: Tally;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

async function fetchAll(job: StabilityJob, context: FetchContext): Promise<void> {
  const { library, traffic, tally, signal, clock } = context;
  const { apiOrigin, token, kind, silentMs } = job;
  const profile: Profile = { ...PROFILES[engineOf(kind)], headerTimeoutMs: silentMs, stallMs: silentMs, stallBytes: 1 };
  tally.limit = profile.connections;
  const failsafe = Failsafe.inMemory({
    ceiling: profile.name,
    modes: { goneMs: 30_000 },
    onEvent: ({ id: _, time: __, ...event }) => tally.record(event),
    groupOf: (key) => key === "disk" ? "disk" : "the sandbox",
  });
  using engine = openEngine({
    library,
    profile,
    failsafe,
    patienceMs: 30_000,
    keepsLinks: kind !== "plan",
    durable: false,
    wrapTransport: (send) => traffic.transport(send),
    env: () => undefined,
    onEvent: tally.record,
    clock,
    client: {
      baseUrl: apiOrigin,
      token,
      modelRate: 0,
      imageRate: 0,
      downloadRate: 0,
      timeoutMs: silentMs,
      fetch: traffic.fetch,
    },
  });
  const result = await download({
    ...engine,
    // No item is given up, so that a job without progress is found by the deadlock detection.
    patienceMs: undefined,
    targets: targetsOf(job, library),
    choice: CHOICE,
    command: kind,
    reserveBytes: 0,
    approve: () => Promise.resolve(kind !== "plan"),
    signal,
  });
  tally.mode = failsafe.mode;
  tally.problems(result.plan.problems.map((problem) => `${problem.target}: ${problem.message}`));
  if (result.run === null) return;
  const { outcomes, failed, stopped } = result.run;
  tally.outcomes(outcomes, failed);
  if (stopped !== null) throw new KitError(stopped.code, stopped.message);
}

function targetsOf({ kind, creators }: StabilityJob, library: Library): readonly PlanTarget[] {
  if (kind !== "update") return creators.map((username) => ({ type: "user", username }));
  const items = library.catalog.items({ kinds: ["file"] });
  const ids = new Set(Array.from(items, (item) => item.modelId).filter((id) => id !== null));
  return [{ type: "models", ids: [...ids] }];
}

async function verify(library: Library, { signal, beat }: WorkContext): Promise<StabilityAnswer> {
  const tally = new Tally(beat);
  const { files, counts } = await verifyLibrary(library, { deep: true, signal, onProgress: () => beat("verifying") });
  const bad = files - counts.ok;
  return {
    // An intact file does not count as a successful download, but a damaged file counts as a failed download.
    ...tally.answer(),
    attempts: bad,
    failures: bad,
    errors: bad === 0 ? {} : { integrity: bad },
    bytes: 0,
    sent: [],
    messages: bad === 0 ? [] : [`${bad} of ${files} files are not as they were`],
  };
}

/** Counts the events and outcomes of a run. */
class Tally {
  mode = "turbo";
  limit = 0;
  readonly #beat: (state?: string) => void;
  #attempts = 0;
  #retries = 0;
  #transitions = 0;
  #collisions = 0;
  readonly #errors: Record<string, number> = {};
  readonly #messages: string[] = [];

  constructor(beat: (state?: string) => void) {
    this.#beat = beat;
  }

  readonly record = (event: DownloadEvent): void => {
    this.#beat("item" in event ? `${event.type} ${event.item.path}` : event.type);
    if (event.type === "retry") this.#retries++;
    else if (event.type === "breaker" || event.type === "mode") this.#transitions++;
    else if (event.type === "limit") this.limit = event.to;
  };

  /** Add the outcomes of all items, after the passes that retry failed ones. */
  outcomes(outcomes: RunSummary["outcomes"], failed: RunSummary["failed"]): void {
    for (const [outcome, count] of Object.entries(outcomes)) if (outcome !== "already there") this.#attempts += count;
    for (const { failure, path, message } of failed) this.#fail(failure, `${path}: ${message}`);
  }

  /** Add targets that could not be planned. Each counts as a failed attempt. */
  problems(messages: readonly string[]): void {
    this.#attempts += messages.length;
    for (const message of messages) this.#fail("plan", message);
  }

  answer(): Omit<StabilityAnswer, "bytes" | "sent"> {
    const errors = this.#errors;
    const sum = (isWanted: (name: string) => boolean): number =>
      Object.entries(errors).reduce((total, [name, count]) => total + (isWanted(name) ? count : 0), 0);
    return {
      attempts: this.#attempts,
      failures: sum(() => true),
      errors,
      messages: this.#messages,
      timeouts: sum((name) => TIMEOUTS.has(name as FailureClass)),
      concurrencyErrors: this.#collisions,
      retries: this.#retries,
      transitions: this.#transitions,
      mode: this.mode,
      limit: this.limit,
    };
  }

  #fail(name: string, message: string): void {
    this.#errors[name] = (this.#errors[name] ?? 0) + 1;
    // Two parts of the program accessed the same catalog or file at the same time.
    if (/\b(locked|busy|held by)\b/i.test(message)) this.#collisions++;
    if (this.#messages.length < 5) this.#messages.push(message);
  }
}
