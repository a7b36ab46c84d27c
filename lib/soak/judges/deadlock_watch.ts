/** A job under way, with the state that it reported last. */
export interface WatchedJob {
  /** The id of the job. */
  readonly id: string;
  /** The state that it reported last; `begun` until it reports one. */
  readonly state: string;
  /** Milliseconds of the run since the job began. */
  readonly ageMs: number;
  /** Milliseconds of the run since the last heartbeat, or since the job began. */
  readonly silentMs: number;
}

const BEGUN = "begun";

interface Entry {
  readonly sinceMs: number;
  beatMs: number;
  state: string;
}

/** Tracks the heartbeats of the jobs under way, and finds those that have been silent for too long. */
export class DeadlockWatch {
  readonly #limitMs: number;
  readonly #entries = new Map<string, Entry>();

  /**
   * Create a watch without jobs.
   *
   * @param limitMs The milliseconds without a heartbeat after which a job counts as deadlocked
   */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Start to watch a job. */
  begin(id: string, nowMs: number): void {
    this.#entries.set(id, { sinceMs: nowMs, beatMs: nowMs, state: BEGUN });
  }

  /** Record a heartbeat, and the job's state if it is specified. This is ignored for a job that is not watched. */
  beat(id: string, nowMs: number, state?: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.beatMs = nowMs;
    if (state !== undefined) entry.state = state;
  }

  /** Stop watching a job. */
  end(id: string): void {
    this.#entries.delete(id);
  }

  /** Return the state that a job reported last; `undefined` if it has reported none, or is not watched. */
  stateOf(id: string): string | undefined {
    const state = this.#entries.get(id)?.state;
    return state === BEGUN ? undefined : state;
  }

  /** List all watched jobs. */
  jobs(nowMs: number): readonly WatchedJob[] {
    return Array.from(this.#entries, ([id, { sinceMs, beatMs, state }]) => {
      return { id, state, ageMs: nowMs - sinceMs, silentMs: nowMs - beatMs };
    });
  }

  /** List the jobs that have been silent for at least the limit. */
  silent(nowMs: number): readonly WatchedJob[] {
    return this.jobs(nowMs).filter((job) => job.silentMs >= this.#limitMs);
  }
}
