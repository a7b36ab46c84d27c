import { listChain, readLines } from "../../journal/mod.ts";
import { itemPathOf, type LogLine, readLine, textOf } from "../../problems/mod.ts";
import { RecentEvents } from "../status/recent_events.ts";
import { RecentFailures } from "../status/recent_failures.ts";
import { recognizeIssue } from "./recognize_issue.ts";

/**
 * How far back rotated files are read, in milliseconds: a monitor that starts in the morning shows the night before.
 */
const HORIZON_MS = 86_400_000;
/** Maximum number of lines that are remembered; an earlier monitor is assumed not to have been further behind. */
const MAX_SEEDED = 20_000;

/** Failures and events of the last day, which a monitor reads from the logs when it starts. */
export class LogHistory {
  /** Recent failures; filled by `seed` and `add`. */
  readonly failures = new RecentFailures();
  /** Recent events; filled by `seed` and `add`. */
  readonly events = new RecentEvents();
  /**
   * Lines read by `seed`, kept until the follower is past them. The follower continues where an earlier monitor
   * stopped, so it may deliver some of them again.
   */
  readonly #seeded = new Set<string>();
  #seededUntil = "";

  /**
   * Read logs, and their rotated files that were written to in the last 24 hours.
   *
   * @param paths Paths of the logs; missing ones are skipped
   * @param options The current time, milliseconds since the epoch
   */
  async seed(paths: readonly string[], options: { readonly now: number }): Promise<void> {
    for (const path of paths) {
      const chain = await listChain(path);
      // The current file is always read, because the last failures are shown regardless of their age.
      const recent = chain.filter(({ mtimeMs }, index) => index === 0 || options.now - mtimeMs <= HORIZON_MS);
      for (const { path: file } of recent.toReversed()) {
        await readLines(file, (text) => {
          if (!concerns(text)) return;
          const line = readLine(text);
          this.#process(line, options.now);
          this.#markSeeded(line);
        });
      }
    }
  }

  /**
   * Add one line from the follower, unless `seed` has already read it.
   *
   * @param options The time to use for a line that contains none, milliseconds since the epoch
   */
  add(line: LogLine, options: { readonly now: number }): void {
    if (!concerns(line.text)) return;
    if (this.#seeded.delete(line.text)) return;
    if (this.#seeded.size > 0 && timeOf(line) > this.#seededUntil) this.#seeded.clear();
    this.#process(line, options.now);
  }

  #markSeeded(line: LogLine): void {
    const time = timeOf(line);
    if (time > this.#seededUntil) this.#seededUntil = time;
    this.#seeded.add(line.text);
    if (this.#seeded.size > MAX_SEEDED) this.#seeded.delete(this.#seeded.values().next().value!);
  }

  #process(line: LogLine, now: number): void {
    const issue = recognizeIssue(line);
    if (issue !== null) this.failures.add(issue, { now });
    const { record } = line;
    if (record === null) return;
    if (record.outcome === "done") this.failures.recordDone(itemPathOf(record) ?? "", timeOf(line));
    this.events.add(record);
  }
}

const DONE = '"outcome":"done"';
const PROBLEM = /"level":"(?:ERROR|CRITICAL|FATAL)"|ERROR|TIMEOUT|FAILURE/;

/** A cheap test before parsing: most lines are not relevant. */
function concerns(text: string): boolean {
  return PROBLEM.test(text) || text.includes(DONE) || RecentEvents.concerns(text);
}

/** The time of a line; empty if it has none. */
function timeOf({ record }: LogLine): string {
  return textOf(record?.time) ?? "";
}
