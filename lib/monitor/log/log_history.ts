import { LineSplitter } from "./_line_splitter.ts";
import { listChain } from "./_log_chain.ts";
import { parseRecord, textOf } from "./log_record.ts";
import { RecentEvents } from "../status/recent_events.ts";
import { RecentFailures } from "../status/recent_failures.ts";
import { recognizeIssue } from "./recognize_issue.ts";

/** So far back, in milliseconds: the morning after shows the night. */
const HORIZON_MS = 86_400_000;
const MAX_LINE_BYTES = 1024 * 1024;
/** An earlier monitor was not further behind. */
const MAX_SEEDED = 20_000;
const CHUNK_BYTES = 256 * 1024;

/** What the logs tell of the last day: failures and events. A monitor that starts reads it from them. */
export class LogHistory {
  /** What failed. */
  readonly failures = new RecentFailures();
  /** What happened. */
  readonly events = new RecentEvents();
  /**
   * Lines of the logs' ends, until the follower is past them: it goes on where an earlier monitor was, which may be
   * before the end that was read here.
   */
  readonly #seeded = new Set<string>();
  #seededUntil = "";

  /**
   * Read logs, and their older files that were written to in the last day.
   *
   * @param paths The logs; one that is not there tells nothing
   * @param options The moment, milliseconds since the epoch
   */
  async seed(paths: readonly string[], options: { readonly now: number }): Promise<void> {
    for (const path of paths) {
      const chain = await listChain(path);
      // The last failures are shown however old they are.
      const recent = chain.filter(({ mtimeMs }, index) => index === 0 || options.now - mtimeMs <= HORIZON_MS);
      for (const { path: file } of recent.toReversed()) {
        await readLines(file, (line) => {
          if (!concerns(line)) return;
          this.#take(line, options.now);
          this.#remember(line);
        });
      }
    }
  }

  /**
   * Take in one line that was followed.
   *
   * @param line The line
   * @param options The moment, for a line that says none, milliseconds since the epoch
   */
  see(line: string, options: { readonly now: number }): void {
    if (!concerns(line)) return;
    if (this.#seeded.delete(line)) return;
    if (this.#seeded.size > 0 && timeOf(line) > this.#seededUntil) this.#seeded.clear();
    this.#take(line, options.now);
  }

  #remember(line: string): void {
    const time = timeOf(line);
    if (time > this.#seededUntil) this.#seededUntil = time;
    this.#seeded.add(line);
    if (this.#seeded.size > MAX_SEEDED) this.#seeded.delete(this.#seeded.values().next().value!);
  }

  #take(line: string, now: number): void {
    const issue = recognizeIssue(line);
    if (issue !== null) this.failures.see(issue, { now });
    if (line.includes(DONE)) this.failures.forget(pathOf(line));
    if (RecentEvents.concerns(line)) this.events.see(line);
  }
}

const DONE = '"outcome":"done"';
const TROUBLE = /"level":"(?:ERROR|CRITICAL|FATAL)"|ERROR|TIMEOUT|FAILURE/;

/** Most lines tell nothing that is kept, and are not parsed. */
function concerns(line: string): boolean {
  return TROUBLE.test(line) || line.includes(DONE) || RecentEvents.concerns(line);
}

/** A structured line begins with its time. */
function timeOf(line: string): string {
  return /^\{"time":"([^"]{1,40})"/.exec(line)?.[1] ?? "";
}

function pathOf(line: string): string {
  const item = parseRecord(line)?.item;
  return typeof item === "object" && item !== null && "path" in item ? textOf(item.path) ?? "" : "";
}

async function readLines(path: string, take: (line: string) => void): Promise<void> {
  const splitter = new LineSplitter({ maxBytes: MAX_LINE_BYTES, counts: { tooLong: 0, rubbish: 0 } });
  const buffer = new Uint8Array(CHUNK_BYTES);
  try {
    using file = await Deno.open(path);
    for (let count = await file.read(buffer); count !== null; count = await file.read(buffer)) {
      for (const line of splitter.push(buffer.subarray(0, count))) take(line);
    }
  } catch (error) {
    // Rotated away meanwhile.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
