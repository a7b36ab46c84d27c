import { parseTimeoutLine, type TimeoutLine, type WaitStep } from "../failsafe/mod.ts";

/** Waits of one length, from one line of the log. */
export interface LoggedWaits {
  /** Length in milliseconds; the limit if `isCensored`. */
  readonly ms: number;
  /** Whether the timeout ended the wait, so that its true length is unknown. */
  readonly isCensored: boolean;
  /** Number of waits. */
  readonly count: number;
}

/** The waits for one host in one step. */
export interface WaitGroup {
  /** The host; `*` for all together. */
  readonly host: string;
  /** What was waited for. */
  readonly step: WaitStep;
  /** The limit in the newest line, in milliseconds. */
  currentMs: number;
  /** The waits without those of outages. */
  waits: LoggedWaits[];
  /** Timeouts in rows of five or more: the host answered nobody, and no timeout would have helped. */
  outages: number;
}

/** A row of timeouts this long is an outage. */
const OUTAGE_STREAK = 5;

interface Row {
  last: number;
  pending: LoggedWaits[];
}

/** Sorts the lines of `timeouts.log` by host and step, and takes out the timeouts of outages. */
export class WaitCollector {
  readonly #byHost: boolean;
  readonly #groups = new Map<string, WaitGroup>();
  /** The current row of timeouts of each operation, step and host. */
  readonly #rows = new Map<string, Row>();
  #lines = 0;
  /** Lines that are not of `timeouts.log`. */
  broken = 0;

  /**
   * Start without lines.
   *
   * @param options Whether each host has its own group
   */
  constructor(options: { readonly byHost: boolean }) {
    this.#byHost = options.byHost;
  }

  /** Number of lines that were understood. */
  get lines(): number {
    return this.#lines;
  }

  /** Add a line. */
  add(text: string): void {
    const line = parseTimeoutLine(text);
    if (line === null) {
      this.broken++;
      return;
    }
    this.addLine(line);
  }

  /** Add a line that was parsed; lines come in the order of time. */
  addLine(line: TimeoutLine): void {
    this.#lines++;
    const group = this.#groupOf(line);
    group.currentMs = line.limitMs;
    if (line.outcome === "ok") {
      for (const [ms, count] of line.waits) group.waits.push({ ms, isCensored: false, count });
      return;
    }
    const wait = { ms: line.elapsedMs, isCensored: true, count: 1 };
    this.#addTimeout(group, wait, { key: `${line.operation} ${line.step} ${line.host}`, streak: line.streak });
  }

  /** The groups, by host and step. */
  list(): readonly WaitGroup[] {
    return [...this.#groups.values()].sort((a, b) => a.host.localeCompare(b.host) || a.step.localeCompare(b.step));
  }

  #addTimeout(group: WaitGroup, wait: LoggedWaits, at: { readonly key: string; readonly streak: number }): void {
    const row = this.#rows.get(at.key) ?? { last: 0, pending: [] };
    this.#rows.set(at.key, row);
    if (at.streak !== row.last + 1) row.pending = [];
    row.last = at.streak;
    if (at.streak < OUTAGE_STREAK) {
      row.pending.push(wait);
      group.waits.push(wait);
      return;
    }
    // The timeouts before this one belong to the outage too.
    const outage = new Set(row.pending);
    if (outage.size > 0) group.waits = group.waits.filter((known) => !outage.has(known));
    group.outages += 1 + outage.size;
    row.pending = [];
  }

  #groupOf(line: TimeoutLine): WaitGroup {
    const host = this.#byHost ? line.host : "*";
    const key = `${line.step} ${host}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = { host, step: line.step, currentMs: line.limitMs, waits: [], outages: 0 };
    this.#groups.set(key, group);
    return group;
  }
}
