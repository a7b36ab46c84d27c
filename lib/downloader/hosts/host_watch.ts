import { type Clock, systemClock } from "../../base/mod.ts";
import type { RequestNotice } from "../../civitai/mod.ts";
import type { ActiveSpeed } from "../../library/mod.ts";
import type { DownloadEvent } from "../download_event.ts";
import { routeOf } from "./route_of.ts";
import { ByteMeter, type ByteSpeeds } from "./byte_meter.ts";
import { decideSlow, NOT_SLOW, SLOW_BELOW, type SlowState } from "./decide_slow.ts";
import type { HostMemory } from "./host_memory.ts";
import { median } from "./usual_speed.ts";

/** Options of {@linkcode HostWatch}. */
export interface HostWatchOptions {
  /** What is known of each host, and learns from this run. */
  readonly memory: Pick<HostMemory, "usual" | "add" | "saveIfDue">;
  /** Maximum number of requests in flight to a host. */
  readonly connections: number;
  /** Whether the user limits the rate: then nothing is learned about the rate of a host. */
  readonly isLimited: boolean;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** The limit of requests in flight to a host. */
export interface HostLimit {
  /** The limit now. */
  readonly value: number;
  /** Its maximum. */
  readonly ceiling: number;
  /** Why it last changed; `null` if it has not. */
  readonly reason: string | null;
  /** When it last changed, in milliseconds since the epoch; `null` if it has not. */
  readonly changedAt: number | null;
}

/** A host of a run, compared with its usual speed. */
export interface HostReading {
  /** Its name, with the port if it is not the default. */
  readonly host: string;
  /** Its speed in the last seconds beside its usual one; `null` if one of them is not known. */
  readonly speed: ActiveSpeed | null;
  /** Since when it is slow, in milliseconds since the epoch; `null` if it is not. */
  readonly slowSince: number | null;
  /** How many requests may be in flight to it. */
  readonly limit: HostLimit;
}

/** An answer of the API, in milliseconds, and what is usual for its route. */
interface Answer {
  readonly at: number;
  readonly ms: number;
  readonly usualMs: number | null;
}

interface WatchedHost {
  readonly bytes: ByteMeter;
  answers: readonly Answer[];
  answerState: SlowState;
  byteState: SlowState;
  learnedAt: number;
  limit: HostLimit;
}

interface ComparedAnswers {
  readonly speed: ActiveSpeed;
  /** When it began to be low, in milliseconds since the epoch, if that is known. */
  readonly since?: number | undefined;
}

/** Answers that are compared: the median of five is not moved by two. */
const ANSWERS = 5;
const MIN_ANSWERS = 3;
/** Older answers do not count, in milliseconds. */
const ANSWER_MS = 60_000;
/** An answer within this time is not slow, whatever is usual, in milliseconds. */
const PATIENT_MS = 2000;
/** Time between two readings that are learned, in milliseconds. */
const LEARN_MS = 10_000;
/**
 * A window of ten seconds is worth a comparison by itself: if more were awaited on the first day, a host that becomes slow
 * after half a minute would be known by its slow windows.
 */
const MIN_WINDOWS = 1;

/**
 * Compares each host of a run with its own usual speed: how long the API takes to answer each of its routes, and how
 * fast a storage sends bytes. Call `readings` about once a second.
 */
export class HostWatch {
  readonly #options: HostWatchOptions;
  readonly #clock: Clock;
  readonly #hosts = new Map<string, WatchedHost>();
  /** Host of each item under way. */
  readonly #hostOf = new Map<string, string>();

  /** Watch the hosts of one run. */
  constructor(options: HostWatchOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Record one event of the run. */
  record(event: DownloadEvent): void {
    switch (event.type) {
      case "start":
        if (event.host !== null) this.#hostOf.set(event.item.key, event.host);
        break;
      case "bytes": {
        const host = this.#hostOf.get(event.key);
        if (host === undefined) break;
        const { count: bytes, waitedMs = 0 } = event;
        this.#watched(host).bytes.record(event.key, { bytes, waitedMs, nowMs: this.#clock.monotonic() });
        break;
      }
      case "end": {
        const host = this.#hostOf.get(event.item.key);
        this.#hostOf.delete(event.item.key);
        if (host !== undefined) this.#watched(host).bytes.end(event.item.key, { isWhole: event.outcome === "done" });
        break;
      }
      case "limit": {
        const { host, to: value, reason } = event;
        const watched = this.#watched(host);
        watched.limit = { ...watched.limit, value, reason, changedAt: this.#clock.now() };
        break;
      }
    }
  }

  /** Record one request to the API. Failures are not answers; the breakers count them. */
  recordRequest({ url, status, durationMs }: Pick<RequestNotice, "url" | "status" | "durationMs">): void {
    const host = URL.parse(url)?.host;
    if (host === undefined || status === null || status >= 400) return;
    const { memory } = this.#options;
    // An answer without a body is made faster.
    const kind = `${routeOf(url)} ${status}`;
    const usual = memory.usual(host, kind);
    const watched = this.#watched(host);
    const ms = Math.max(1, durationMs);
    const answer = { at: this.#clock.monotonic(), ms, usualMs: usual === null ? null : 1000 / usual };
    watched.answers = [...watched.answers, answer].slice(-ANSWERS);
    memory.add(host, kind, { speed: 1000 / ms, isSlow: watched.answerState.lowSince !== null });
  }

  /** Compare all hosts of the run; the name of a host that is used for something else than a host is never among them. */
  readings(): readonly HostReading[] {
    const readings = [...this.#hosts].map(([host, watched]) => this.#read(host, watched));
    this.#options.memory.saveIfDue();
    return readings;
  }

  #read(host: string, watched: WatchedHost): HostReading {
    const now = this.#clock.now();
    const answers = this.#compareAnswers(watched);
    const bytes = this.#compareBytes(host, watched);
    watched.answerState = decideSlow(watched.answerState, {
      ratio: answers?.speed.ratio ?? null,
      since: answers?.since,
      now,
    });
    watched.byteState = decideSlow(watched.byteState, { ratio: bytes?.ratio ?? null, now });
    const slow = [watched.answerState, watched.byteState].filter(({ isSlow }) => isSlow);
    return {
      host,
      speed: worseOf(answers?.speed ?? null, bytes),
      slowSince: slow.length === 0 ? null : Math.min(...slow.map(({ lowSince }) => lowSince!)),
      limit: watched.limit,
    };
  }

  #compareAnswers({ answers }: WatchedHost): ComparedAnswers | null {
    const nowMs = this.#clock.monotonic();
    const known = answers.filter(({ at, usualMs }) => nowMs - at <= ANSWER_MS && usualMs !== null);
    if (known.length < MIN_ANSWERS) return null;
    const current = median(known.map(({ ms }) => ms))!;
    const ratio = median(known.map(({ ms, usualMs }) => usualMs! / ms))!;
    const firstSlow = known.find(({ ms, usualMs }) => usualMs! / ms < SLOW_BELOW);
    const since = firstSlow === undefined ? undefined : this.#clock.now() - (nowMs - firstSlow.at + firstSlow.ms);
    // The routes differ: what is shown as usual is what makes the ratio true.
    const shown = current < PATIENT_MS ? Math.max(1, ratio) : ratio;
    return { speed: { kind: "answer", ratio: shown, usual: current * ratio, current }, since };
  }

  #compareBytes(host: string, watched: WatchedHost): ActiveSpeed | null {
    const { memory } = this.#options;
    const nowMs = this.#clock.monotonic();
    const speeds = watched.bytes.read(nowMs);
    const isDue = nowMs - watched.learnedAt >= LEARN_MS;
    if (isDue) watched.learnedAt = nowMs;
    const brief = isDue ? watched.bytes.takeBrief() : null;
    // Until many windows are known, the small files say as much: the host is not slower than they were.
    const usual = memory.usual(host, "connection") ??
      maxOf(memory.usual(host, "connection", MIN_WINDOWS), memory.usual(host, "brief"));
    const usualHost = memory.usual(host, "host", MIN_WINDOWS);
    const compared = speeds === null || usual === null ? null : compareSpeeds(speeds, { usual, usualHost });
    // The first slow window counts as slow already, before anything follows from it.
    const isSlow = watched.byteState.lowSince !== null || (compared !== null && compared.ratio < SLOW_BELOW);
    if (isDue && !this.#options.isLimited) {
      if (brief !== null) memory.add(host, "brief", { speed: brief, isSlow });
      if (speeds !== null) {
        memory.add(host, "connection", { speed: speeds.connection, isSlow });
        memory.add(host, "host", { speed: speeds.host, isSlow });
      }
    }
    return compared;
  }

  #watched(host: string): WatchedHost {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const { connections } = this.#options;
    const watched: WatchedHost = {
      bytes: new ByteMeter(),
      answers: [],
      answerState: NOT_SLOW,
      byteState: NOT_SLOW,
      learnedAt: this.#clock.monotonic(),
      limit: { value: connections, ceiling: connections, reason: null, changedAt: null },
    };
    this.#hosts.set(host, watched);
    return watched;
  }
}

/** Compare the speeds of a host with its usual ones. */
function compareSpeeds(
  { connection: current, host }: ByteSpeeds,
  { usual, usualHost }: { readonly usual: number; readonly usualHost: number | null },
): ActiveSpeed {
  // With fewer connections than usual the host sends less, with more of them each gets less: neither is slow.
  const ratio = Math.max(current / usual, usualHost === null ? 0 : host / usualHost);
  return { kind: "bytes", ratio, usual: current / ratio, current };
}

function worseOf(answers: ActiveSpeed | null, bytes: ActiveSpeed | null): ActiveSpeed | null {
  return answers !== null && (bytes === null || answers.ratio < bytes.ratio) ? answers : bytes;
}

function maxOf(a: number | null, b: number | null): number | null {
  return a === null ? b : Math.max(a, b ?? a);
}
