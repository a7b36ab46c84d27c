import { join } from "node:path";
import { cleanText, quoteWord } from "../base/mod.ts";
import { wholeTarget } from "../downloader/mod.ts";
import { STATE_FOLDER } from "../library/mod.ts";
import { type BreakerStatus, type FailureClass, isFailureClass } from "../failsafe/mod.ts";
import { findSlowHosts, readActive, type SlowHost } from "../monitor/mod.ts";
import { readBreakers } from "./api_probe.ts";
import { readTargets } from "./checks/creators.ts";
import type { HealthPlace } from "./health_check.ts";
import { nextCommand } from "./next_command.ts";
import { readNewestEvents } from "./read_recent_logs.ts";

/** Failures of one class. */
export interface SubjectFailure {
  /** Their class. */
  readonly problem: FailureClass;
  /** How many there were. */
  readonly count: number;
  /** When it last happened, ISO 8601 UTC. */
  readonly last: string;
  /** What happened then. */
  readonly message: string;
}

/** What is known of a creator or a host, from the last day. */
export interface Subject {
  /** What it is. */
  readonly kind: "creator" | "host";
  /** Its name; of a host with the port if it is not the default. */
  readonly name: string;
  /** Why the creator could not be listed the last time; `null` if it could, or was not asked for. */
  readonly unlisted: { readonly message: string; readonly time: string } | null;
  /** The breaker of the host; `null` if it has none. */
  readonly breaker: BreakerStatus | null;
  /** Its speed against its usual one; `null` unless a run finds it slow. */
  readonly slow: SlowHost | null;
  /** Failures of its files, or of requests to it, the most frequent first. */
  readonly failures: readonly SubjectFailure[];
  /** The next command. */
  readonly next: string;
}

/** Where to look. */
export type SubjectPlace = Pick<HealthPlace, "library" | "libraryWord" | "logs" | "client" | "clock" | "signal"> & {
  readonly apiWords?: string | undefined;
  readonly logsWord?: string | undefined;
};

const DAY_MS = 86_400_000;
const MAX_MESSAGE = 300;

/**
 * Say what failed of a creator or a host within a day, and what limits it now.
 *
 * @param word A creator as `NAME` or `user:NAME`, or the name of a host
 * @param place Library and logs
 * @returns What is known; `null` if neither the logs nor the library know such a creator or host
 */
export async function examineSubject(word: string, place: SubjectPlace): Promise<Subject | null> {
  return await examineHost(word, place) ?? await examineCreator(word, place);
}

async function examineHost(word: string, place: SubjectPlace): Promise<Subject | null> {
  const { library, logs, clock, signal } = place;
  const name = word.toLowerCase();
  const breaker = readBreakers(place).find(({ key }) => key === name || key.split(":")[0] === name) ?? null;
  const active = await readActive(join(library, STATE_FOLDER, "state", "active"), { now: clock.now() }).catch(() => []);
  const slow = findSlowHosts(active).find(({ host }) => host === name) ?? null;
  const key = breaker?.key ?? name;
  const failures = await countFailures(
    logs,
    { mark: '"host":', sinceMs: clock.now() - DAY_MS, signal },
    ({ host }) => host === key,
  );
  if (breaker === null && slow === null && failures.length === 0) return null;
  const isTripped = breaker?.cause?.failure === "tripped";
  const next = nextCommand(place, isTripped ? `failsafe reset ${key}` : "failsafe");
  return { kind: "host", name: key, unlisted: null, breaker, slow, failures, next };
}

async function examineCreator(word: string, place: SubjectPlace): Promise<Subject | null> {
  const { logs, clock, signal } = place;
  const name = word.replace(/^user:/, "");
  const isName = (other: unknown) => typeof other === "string" && other.toLowerCase() === name.toLowerCase();
  const sinceMs = clock.now() - DAY_MS;
  const targets = await readTargets(logs, { sinceMs, signal });
  const unlisted = targets.failed.find(({ target }) => isName(wholeTarget(target).replace(/^user:/, ""))) ?? null;
  const isListed = targets.listed.some((target) => isName(wholeTarget(target).replace(/^user:/, "")));
  const failures = await countFailures(
    logs,
    { mark: '"creator":', sinceMs, signal },
    ({ item }) => isName((item as Readonly<Record<string, unknown>> | undefined)?.creator),
  );
  const isKnown = unlisted !== null || isListed || failures.length > 0 || word.startsWith("user:");
  if (!isKnown) return null;
  return {
    kind: "creator",
    name,
    unlisted: unlisted === null ? null : { message: unlisted.message, time: unlisted.time },
    breaker: null,
    slow: null,
    failures,
    next: nextCommand(place, `download ${quoteWord(`user:${name}`)} --dry-run`),
  };
}

interface CountOptions {
  readonly mark: string;
  readonly sinceMs: number;
  readonly signal: AbortSignal;
}

async function countFailures(
  logs: string,
  { mark, sinceMs, signal }: CountOptions,
  concerns: (record: Readonly<Record<string, unknown>>) => boolean,
): Promise<readonly SubjectFailure[]> {
  const found = new Map<FailureClass, { count: number; last: string; message: string }>();
  for await (const record of readNewestEvents(logs, { mark, signal })) {
    const { time, type, failure, message } = record;
    if (typeof time !== "string") continue;
    if (Date.parse(time) < sinceMs) break;
    const isFailure = type === "end" || type === "retry";
    if (!isFailure || typeof failure !== "string" || !isFailureClass(failure) || !concerns(record)) continue;
    const known = found.get(failure);
    if (known === undefined) {
      const text = typeof message === "string" ? cleanText(message).slice(0, MAX_MESSAGE) : "an attempt failed";
      found.set(failure, { count: 1, last: time, message: text });
    } else known.count++;
  }
  return [...found].map(([problem, rest]) => ({ problem, ...rest })).toSorted((a, b) => b.count - a.count);
}
