import { join } from "node:path";
import { cleanText, shell } from "../base/mod.ts";
import { targetName, wholeTarget } from "../downloader/mod.ts";
import { stateFolder } from "../library/mod.ts";
import { type BreakerStatus, type FailureClass, isFailureClass } from "../failsafe/mod.ts";
import { findSlowHosts, readActive, type SlowHost } from "../monitor/mod.ts";
import { readBreakers } from "./api_probe.ts";
import { readTargets } from "./checks/creators.ts";
import type { HealthPlace } from "./health_check.ts";
import type { LogRecord } from "../problems/mod.ts";
import { readRecentEvents, type RecentEventsOptions } from "./read_recent_logs.ts";
import { originOf } from "./shell_commands.ts";

/** Failures of one class. */
interface SubjectFailure {
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
export type Subject = ExaminedHost | ExaminedCreator;

interface Examined {
  /** Its name; of a host with the port if it is not the default. */
  readonly name: string;
  /** Failures of its files, or of requests to it, the most frequent first. */
  readonly failures: readonly SubjectFailure[];
  /** The next command. */
  readonly next: string;
}

/** A host. */
export interface ExaminedHost extends Examined {
  /** Tells it from a creator. */
  readonly kind: "host";
  /** Its breaker; `null` if it has none. */
  readonly breaker: BreakerStatus | null;
  /** Its speed against its usual one; `null` unless a run finds it slow. */
  readonly slow: SlowHost | null;
}

/** A creator. */
export interface ExaminedCreator extends Examined {
  /** Tells it from a host. */
  readonly kind: "creator";
  /** Why it could not be listed the last time; `null` if it could, or was not asked for. */
  readonly unlisted: { readonly message: string; readonly time: string } | null;
}

/** Where to look. */
export type SubjectPlace = Pick<HealthPlace, "library" | "logs" | "clock" | "signal">;

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

async function examineHost(word: string, place: SubjectPlace): Promise<ExaminedHost | null> {
  const { library, logs, clock, signal } = place;
  const name = word.toLowerCase();
  const breaker = readBreakers(place).find(({ key }) => key === name || new URL(originOf(key)).hostname === name) ??
    null;
  const active = await readActive(join(stateFolder(library), "active"), { now: clock.now() }).catch(() => []);
  const slow = findSlowHosts(active).find(({ host }) => host === name) ?? null;
  const key = breaker?.key ?? name;
  const failures = await countFailures(
    logs,
    { mark: '"host":', sinceMs: clock.now() - DAY_MS, signal },
    ({ host }) => host === key,
  );
  if (breaker === null && slow === null && failures.length === 0) return null;
  const isTripped = breaker?.cause?.failure === "tripped";
  const next = isTripped ? shell`civitai-dl failsafe reset ${key}` : "civitai-dl failsafe";
  return { kind: "host", name: key, breaker, slow, failures, next };
}

async function examineCreator(word: string, place: SubjectPlace): Promise<ExaminedCreator | null> {
  const { logs, clock, signal } = place;
  const name = word.replace(/^user:/, "");
  const isName = (other: unknown) => typeof other === "string" && other.toLowerCase() === name.toLowerCase();
  const sinceMs = clock.now() - DAY_MS;
  const targets = await readTargets(logs, { sinceMs, signal });
  const own = targetName({ type: "user", username: name.toLowerCase() });
  const isOwn = (target: string) => wholeTarget(target).toLowerCase() === own;
  const unlisted = targets.failed.find(({ target }) => isOwn(target)) ?? null;
  const isListed = targets.listed.some(isOwn);
  const failures = await countFailures(
    logs,
    { mark: '"creator":', sinceMs, signal },
    ({ item }) => isName((item as LogRecord | undefined)?.creator),
  );
  const isKnown = unlisted !== null || isListed || failures.length > 0 || word.startsWith("user:");
  if (!isKnown) return null;
  return {
    kind: "creator",
    name,
    unlisted: unlisted === null ? null : { message: unlisted.message, time: unlisted.time },
    failures,
    next: shell`civitai-dl download ${`user:${name}`} --dry-run`,
  };
}

async function countFailures(
  logs: string,
  options: RecentEventsOptions,
  concerns: (record: LogRecord) => boolean,
): Promise<readonly SubjectFailure[]> {
  const found = new Map<FailureClass, { count: number; last: string; message: string }>();
  for await (const record of readRecentEvents(logs, options)) {
    const { time, type, failure, message } = record;
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
