import { isRecord } from "../../base/mod.ts";
import { type LogRecord, maskMessage, quoteText, textOf } from "../../problems/mod.ts";
import type { StatusEvent } from "../../status/mod.ts";

type EventOf<Type extends StatusEvent["type"]> = Extract<StatusEvent, { readonly type: Type }>;

interface Kept {
  readonly event: StatusEvent;
  /** When it was last updated, milliseconds since the epoch. */
  readonly timeMs: number;
}

/** Maximum number of events that are kept. */
const MAX_KEPT = 200;
/** How long an event is kept after its last update, in milliseconds. */
const KEEP_MS = 86_400_000;
/** Repetitions within this time of each other, in milliseconds, are merged into one event. */
const JOIN_MS = 600_000;
const MAX_TEXT = 500;
const TYPES = /"type":"(?:plan|run-end|mode|breaker|retry|api-retry|warning|alert)"/;

/**
 * Recent events, as the logs record them: runs, changes of mode, outages, retries, warnings and alerts. Related lines
 * are merged into one event: an outage with all its probes, retries of one host for the same reason, and identical
 * warnings.
 */
export class RecentEvents {
  /** Least recently updated first. */
  #kept: readonly Kept[] = [];

  /** A cheap test of whether a line may be an event, for use before parsing; most lines are not. */
  static concerns(line: string): boolean {
    return TYPES.test(line);
  }

  /**
   * List the events that are kept.
   *
   * @param now Milliseconds since the epoch
   * @returns The events, ordered by their start, newest first
   */
  list(now: number): readonly StatusEvent[] {
    const kept = this.#kept.filter(({ timeMs }) => now - timeMs <= KEEP_MS).map(({ event }) => event).reverse();
    return kept.toSorted((a, b) => b.time.localeCompare(a.time));
  }

  /**
   * Add one log line.
   *
   * @param record A line of `download.log` or `monitor.jsonl`; any other is ignored
   */
  add(record: LogRecord): void {
    const timeMs = Date.parse(textOf(record.time) ?? "");
    if (Number.isNaN(timeMs)) return;
    const time = new Date(timeMs).toISOString();
    switch (record.type) {
      case "plan":
        return this.#add(timeMs, { type: "run", time, files: numberOf(record.files), bytes: numberOf(record.bytes) });
      case "run-end":
        return this.#add(timeMs, endOf(time, record));
      case "mode":
        return this.#add(timeMs, {
          type: "mode",
          time,
          from: show(record.from),
          to: show(record.to),
          reason: show(record.reason),
          ja: { reason: japaneseOf(record, "reason") },
        });
      case "breaker":
        return this.#addBreaker(timeMs, time, record);
      case "retry":
        return this.#addRetry(timeMs, time, { host: record.host, failure: record.failure });
      case "api-retry":
        return this.#addRetry(timeMs, time, { host: "", failure: record.failure });
      case "warning":
        return this.#addWarning(timeMs, time, record);
      case "alert":
        return this.#addAlert(timeMs, time, record);
    }
  }

  #addBreaker(timeMs: number, time: string, record: LogRecord): void {
    const { key: name, to, reason, problem } = record;
    const key = show(name);
    const known = this.#find("outage", (event) => event.key === key && event.until === null);
    if (to === "closed") {
      if (known !== undefined) this.#add(timeMs, { ...known.event, until: time }, known.kept);
      return;
    }
    if (to !== "open") return;
    if (known !== undefined) return this.#add(timeMs, { ...known.event, tries: known.event.tries + 1 }, known.kept);
    this.#add(timeMs, {
      type: "outage",
      time,
      until: null,
      key,
      reason: show(reason),
      ja: { reason: japaneseOf(record, "reason") },
      isByHand: problem === "tripped",
      tries: 0,
    });
  }

  #addRetry(timeMs: number, time: string, retry: { readonly host: unknown; readonly failure: unknown }): void {
    const host = show(retry.host);
    const failure = show(retry.failure);
    const isSame = (event: EventOf<"retries">, last: number): boolean =>
      event.host === host && event.failure === failure && timeMs - last <= JOIN_MS;
    const known = this.#find("retries", isSame);
    if (known === undefined) return this.#add(timeMs, { type: "retries", time, until: time, host, failure, count: 1 });
    this.#add(timeMs, { ...known.event, until: time, count: known.event.count + 1 }, known.kept);
  }

  #addWarning(timeMs: number, time: string, record: LogRecord): void {
    const message = show(record.message);
    const problem = textOf(record.problem) === null ? null : show(record.problem);
    const pattern = maskMessage(message);
    const isSame = (event: EventOf<"warning">, last: number): boolean =>
      maskMessage(event.message) === pattern && timeMs - last <= JOIN_MS;
    const known = this.#find("warning", isSame);
    if (known === undefined) {
      return this.#add(timeMs, { type: "warning", time, until: time, problem, message, count: 1 });
    }
    this.#add(timeMs, { ...known.event, until: time, message, count: known.event.count + 1 }, known.kept);
  }

  #addAlert(timeMs: number, time: string, record: LogRecord): void {
    const { rule, severity, state, summary } = record;
    if (state !== "firing" && state !== "resolved") return;
    const texts = { rule: show(rule), severity: show(severity), summary: show(summary) };
    this.#add(timeMs, { type: "alert", time, state, ...texts, ja: { summary: japaneseOf(record, "summary") } });
  }

  #find<Type extends StatusEvent["type"]>(
    type: Type,
    matches: (event: EventOf<Type>, timeMs: number) => boolean,
  ): { readonly kept: Kept; readonly event: EventOf<Type> } | undefined {
    for (const kept of this.#kept.toReversed()) {
      const event = kept.event as EventOf<Type>;
      if (kept.event.type === type && matches(event, kept.timeMs)) return { kept, event };
    }
    return undefined;
  }

  /** Insert by time, not in the order of the lines: there are two logs, and several processes write to them. */
  #add(timeMs: number, event: StatusEvent, replaced?: Kept): void {
    const kept = { event, timeMs: Math.max(timeMs, replaced?.timeMs ?? timeMs) };
    const rest = this.#kept.filter((other) => other !== replaced);
    const index = rest.findLastIndex((other) => other.timeMs <= kept.timeMs) + 1;
    this.#kept = rest.toSpliced(index, 0, kept).slice(-MAX_KEPT);
  }
}

function endOf(time: string, record: LogRecord): Extract<StatusEvent, { readonly type: "end" }> {
  return {
    type: "end",
    time,
    command: show(record.command),
    exitCode: numberOf(record.exitCode),
    done: numberOf(record.done),
    failed: numberOf(record.failed),
    left: numberOf(record.left),
    cause: textOf(record.cause) === null ? null : show(record.cause),
    message: textOf(record.message) === null ? null : show(record.message),
    fetchedBytes: numberOf(record.fetchedBytes),
    durationMs: numberOf(record.durationMs),
  };
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** The Japanese text of a field; `null` if the line has none. */
function japaneseOf({ ja }: LogRecord, field: "reason" | "summary"): string | null {
  const texts = isRecord(ja) ? ja : {};
  return textOf(texts[field]) === null ? null : show(texts[field]);
}

/** Lines may come from another program, so the text is cleaned and redacted before it is displayed. */
function show(value: unknown): string {
  return quoteText(textOf(value) ?? "", MAX_TEXT);
}
