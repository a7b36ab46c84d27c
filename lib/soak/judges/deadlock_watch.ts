/** What a job under way told last. */
export interface WatchedJob {
  /** The job. */
  readonly id: string;
  /** What it told last. */
  readonly state: string;
  /** Milliseconds of the run since it began. */
  readonly ageMs: number;
  /** Milliseconds of the run since it told anything. */
  readonly silentMs: number;
}

interface Entry {
  readonly sinceMs: number;
  beatMs: number;
  state: string;
}

/** Knows what every job under way told last, and which has been silent for too long. */
export class DeadlockWatch {
  readonly #limitMs: number;
  readonly #entries = new Map<string, Entry>();

  /**
   * Make one.
   *
   * @param limitMs A job that is silent for so long stands still
   */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** A job begins. */
  begin(id: string, nowMs: number): void {
    this.#entries.set(id, { sinceMs: nowMs, beatMs: nowMs, state: "begun" });
  }

  /** A job tells that something moved. */
  beat(id: string, nowMs: number, state?: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.beatMs = nowMs;
    if (state !== undefined) entry.state = state;
  }

  /** A job is over. */
  end(id: string): void {
    this.#entries.delete(id);
  }

  /** All jobs under way. */
  jobs(nowMs: number): readonly WatchedJob[] {
    return Array.from(this.#entries, ([id, { sinceMs, beatMs, state }]) => {
      return { id, state, ageMs: nowMs - sinceMs, silentMs: nowMs - beatMs };
    });
  }

  /** Jobs that have been silent for too long. */
  silent(nowMs: number): readonly WatchedJob[] {
    return this.jobs(nowMs).filter((job) => job.silentMs >= this.#limitMs);
  }
}
