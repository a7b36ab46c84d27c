import { FAILURE_REMEDIES } from "./failure_remedies.ts";
import type { Issue } from "./issue.ts";
import { recognizeIssue } from "./recognize_issue.ts";
import type { StatusFailure } from "./status_document.ts";

/** Read of a log's end when the monitor starts. */
const SEED_BYTES = 256 * 1024;

/** The last things that failed. */
export class RecentFailures {
  readonly #limit: number;
  #failures: readonly StatusFailure[] = [];

  /**
   * Make it, empty.
   *
   * @param options How many are kept
   */
  constructor(options: { readonly limit?: number | undefined } = {}) {
    this.#limit = options.limit ?? 20;
  }

  /** Newest first. */
  get list(): readonly StatusFailure[] {
    return this.#failures;
  }

  /**
   * Add one.
   *
   * @param issue What a line of the log said
   * @param options The moment, for a line that says none, milliseconds since the epoch
   */
  see(issue: Issue, options: { readonly now: number }): void {
    const { failure, message } = issue;
    const [time, path] = [issue.time ?? new Date(options.now).toISOString(), issue.path ?? ""];
    const added = { time, path, class: failure, message, remedy: FAILURE_REMEDIES[failure].remedy };
    // The end of a log is read at the start, and followed from where an earlier monitor was, which may be before it.
    const isKnown = issue.time !== null && this.#failures.some((known) => isSame(known, added));
    if (!isKnown) this.#failures = [added, ...this.#failures].slice(0, this.#limit);
  }

  /**
   * Begin with what the end of a log tells, so that a page that was just started is not empty. A log that is not there
   * tells nothing.
   *
   * @param path The log
   * @param options The moment, for lines that say none, milliseconds since the epoch
   */
  async seed(path: string, options: { readonly now: number }): Promise<void> {
    try {
      using file = await Deno.open(path);
      const { size } = await file.stat();
      const start = Math.max(0, size - SEED_BYTES);
      await file.seek(start, Deno.SeekMode.Start);
      const lines = (await new Response(file.readable).text()).split("\n");
      for (const line of start > 0 ? lines.slice(1) : lines) {
        const issue = recognizeIssue(line);
        if (issue !== null) this.see(issue, options);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

function isSame(a: StatusFailure, b: StatusFailure): boolean {
  return a.time === b.time && a.path === b.path && a.message === b.message;
}
