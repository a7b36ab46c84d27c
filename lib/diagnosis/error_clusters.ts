import { type LineLevel, type LogLine, maskMessage } from "../problems/mod.ts";

/** A line that reports a problem. */
export interface ProblemLine extends Pick<LogLine, "failure" | "message" | "host"> {
  readonly level: LineLevel;
}

/** Problems with the same level, class and pattern. */
export interface ErrorCluster extends Pick<ProblemLine, "level" | "failure"> {
  /** The message without what differs from line to line. */
  readonly pattern: string;
  /** Number of lines; at least that many if `isAtLeast`. */
  readonly count: number;
  /** Whether earlier lines of the cluster may be missing in `count`, because too many clusters were in memory. */
  readonly isAtLeast: boolean;
  /** Time of the first line in milliseconds since the epoch; `null` if no line has a time. */
  readonly firstMs: number | null;
  /** Time of the last line. */
  readonly lastMs: number | null;
  /** Hosts and their numbers of lines, most frequent first; at most ten. */
  readonly hosts: readonly (readonly [host: string, count: number])[];
  /** The newest line, perhaps cut off. */
  readonly line: string;
}

interface Entry extends Pick<ProblemLine, "level" | "failure"> {
  readonly pattern: string;
  count: number;
  readonly isAtLeast: boolean;
  firstMs: number | null;
  lastMs: number | null;
  /** Created with the first host: most messages of a chaotic log occur once. */
  hosts: Map<string, number> | null;
  line: string;
}

/** Lines that are kept as examples are cut at this length, in UTF-16 code units. */
const MAX_EXAMPLE = 4000;
/** Clusters that may be in memory. */
const MAX_CLUSTERS = 1000;
const MAX_HOSTS = 50;
const SHOWN_HOSTS = 10;

/**
 * Groups problems by level, class and pattern. Memory is bounded: when there are too many clusters, the rarer half
 * is dropped and only counted, so that a log of random text cannot fill the memory, and frequent clusters survive
 * wherever they begin (lossy counting, Manku and Motwani 2002).
 */
export class ErrorClusters {
  /** By level and class, then by pattern: a key of all three would have to be put together for each line. */
  readonly #groups = new Map<string, Map<string, Entry>>();
  #size = 0;
  #count = 0;
  #dropped = 0;

  /** Number of problems. */
  get count(): number {
    return this.#count;
  }

  /** Number of problems that belong to no cluster, because theirs was dropped. */
  get droppedCount(): number {
    return this.#dropped;
  }

  /**
   * Add a problem.
   *
   * @param problem The problem
   * @param at Time and text of its line
   */
  add(problem: ProblemLine, at: { readonly timeMs: number | null; readonly line: string }): void {
    const { timeMs, line } = at;
    this.#count++;
    const pattern = maskMessage(problem.message);
    const entry = this.#entryOf(problem, pattern);
    entry.count++;
    entry.line = line.length > MAX_EXAMPLE ? line.slice(0, MAX_EXAMPLE) : line;
    if (problem.host !== null) countHost(entry, problem.host);
    if (timeMs === null) return;
    entry.firstMs = Math.min(entry.firstMs ?? Infinity, timeMs);
    entry.lastMs = Math.max(entry.lastMs ?? -Infinity, timeMs);
  }

  /** The clusters, most frequent first. */
  list(): readonly ErrorCluster[] {
    return Array.from(this.#entries(), (entry): ErrorCluster => ({
      level: entry.level,
      failure: entry.failure,
      pattern: entry.pattern,
      count: entry.count,
      isAtLeast: entry.isAtLeast,
      firstMs: entry.firstMs,
      lastMs: entry.lastMs,
      hosts: [...entry.hosts ?? []].sort(([, a], [, b]) => b - a).slice(0, SHOWN_HOSTS),
      line: entry.line,
    })).sort((a, b) => b.count - a.count || (b.lastMs ?? 0) - (a.lastMs ?? 0));
  }

  #entryOf(problem: ProblemLine, pattern: string): Entry {
    const { level, failure } = problem;
    const name = failure === null ? level : `${level} ${failure}`;
    let group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, group = new Map());
    const known = group.get(pattern);
    if (known !== undefined) return known;
    if (this.#size >= MAX_CLUSTERS) this.#dropRareHalf();
    const entry: Entry = {
      level,
      failure,
      pattern,
      count: 0,
      isAtLeast: this.#dropped > 0,
      firstMs: null,
      lastMs: null,
      hosts: null,
      line: "",
    };
    group.set(pattern, entry);
    this.#size++;
    return entry;
  }

  /** Drop the rarer half, and of equally frequent ones those that began first. */
  #dropRareHalf(): void {
    let excess = Math.floor(this.#size / 2);
    // A typed array sorts numbers much faster than a list of entries.
    const counts = new Float64Array(this.#size);
    let index = 0;
    for (const group of this.#groups.values()) for (const { count } of group.values()) counts[index++] = count;
    counts.sort();
    const limit = counts[excess - 1]!;
    let ties = excess - counts.indexOf(limit);
    for (const group of this.#groups.values()) {
      for (const [pattern, { count }] of group) {
        if (count > limit || (count === limit && ties-- <= 0)) continue;
        group.delete(pattern);
        this.#dropped += count;
        this.#size--;
        if (--excess === 0) return;
      }
    }
  }

  *#entries(): Generator<Entry> {
    for (const group of this.#groups.values()) yield* group.values();
  }
}

function countHost(entry: Entry, host: string): void {
  entry.hosts ??= new Map();
  if (entry.hosts.has(host) || entry.hosts.size < MAX_HOSTS) entry.hosts.set(host, (entry.hosts.get(host) ?? 0) + 1);
}
