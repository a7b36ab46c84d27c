import { HastyClock, systemClock } from "../../base/mod.ts";
import { DEFAULT_CHOICE, download, openEngine, openLibrary } from "../../downloader/mod.ts";
import { Failsafe } from "../../failsafe/mod.ts";
import { type Profile, PROFILES } from "../../transfer/mod.ts";
import type { ConcurrencyAnswer, ConcurrencyJob } from "./concurrency_job.ts";
import { RecordedTransfers } from "./_recorded_transfers.ts";

/** What a job receives from its process. */
export interface ConcurrencyContext {
  /** Signal that stops the job. */
  readonly signal: AbortSignal;
  /** Reports progress. */
  readonly beat: (state?: string) => void;
}

const CHOICE = { ...DEFAULT_CHOICE, previews: 0, gallery: 0, maxImages: 0 };
/** Longest wait for another process, in milliseconds. */
const WAIT_MS = 600_000;

/**
 * Fetch the creators of a job with the real engine, one run after another, and record what was requested. Each run opens
 * the library anew, so that processes which share it take turns.
 *
 * @param job Library, creators, number of workers
 * @param context Signal and progress
 * @returns What failed, and all requests for bytes
 */
export async function doConcurrencyJob(job: ConcurrencyJob, context: ConcurrencyContext): Promise<ConcurrencyAnswer> {
  const transfers = new RecordedTransfers(job.id);
  const failures: Record<string, string> = {};
  const facts = { done: 0, waits: 0 };
  for (const username of job.creators) {
    context.beat(`creator ${username}`);
    const fetched = await fetchCreator(username, { job, transfers, ...context });
    facts.done += fetched.done;
    facts.waits += fetched.waits;
    Object.assign(failures, fetched.failures);
    if (job.pauseMs > 0) await systemClock.sleep(job.pauseMs, { signal: context.signal });
  }
  return { ...facts, failures, transfers: transfers.all };
}

interface FetchOptions extends ConcurrencyContext {
  readonly job: ConcurrencyJob;
  readonly transfers: RecordedTransfers;
}

async function fetchCreator(
  username: string,
  { job, transfers, signal, beat }: FetchOptions,
): Promise<Omit<ConcurrencyAnswer, "transfers">> {
  const clock = new HastyClock(job.haste);
  let waits = 0;
  using library = await openLibrary(job.folder, {
    command: "concurrency-test",
    waitMs: WAIT_MS,
    onWait: () => waits++,
    signal,
  });
  // The profile has no more than four connections; this test also tries what a later one may have.
  const profile: Profile = { ...PROFILES.turbo, connections: job.workers };
  await using failsafe = Failsafe.inMemory({ ceiling: profile.name, groupOf: () => "sandbox" });
  using engine = openEngine({
    library,
    profile,
    failsafe,
    durable: false,
    wrapTransport: (send) => transfers.wrap(send),
    env: () => undefined,
    onEvent: (event) => beat("item" in event ? `${event.type} ${event.item.path}` : event.type),
    clock,
    client: { baseUrl: job.apiOrigin, token: job.token, modelRate: 0, imageRate: 0, downloadRate: 0 },
  });
  const { plan, run } = await download({
    ...engine,
    targets: [{ type: "user", username }],
    choice: CHOICE,
    command: "concurrency-test",
    reserveBytes: 0,
    approve: () => Promise.resolve(true),
    signal,
  });
  const stopped = run?.stopped ?? null;
  return {
    waits,
    done: run?.outcomes.done ?? 0,
    failures: Object.fromEntries([
      ...plan.problems.map(({ target, message }) => [target, message]),
      ...(run?.failed ?? []).map(({ key, path, message }) => [key, `${path}: ${message}`]),
      ...stopped === null ? [] : [[`user:${username}`, stopped.message]],
    ]),
  };
}
