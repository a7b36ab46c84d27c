import { listIfExists } from "../../base/mod.ts";
import { join } from "node:path";
import { isProblemId, PROBLEMS } from "../../problems/mod.ts";
import type { StatusDownload, StatusHost, StatusRun, StatusSilence, StatusWaiting } from "./status_document.ts";

/** What one downloading process reports about itself. */
export interface ActiveProcess {
  /** Its process id. */
  readonly pid: number;
  /** Rate of all its files together, in bytes per second. */
  readonly bytesPerSecond: number;
  /** How long its files have waited for a byte, and for whom; `null` while bytes arrive or none waits. */
  readonly silence: StatusSilence | null;
  /** The files that it is downloading. */
  readonly downloads: readonly StatusDownload[];
  /** The hosts that it uses, compared with their usual speed. */
  readonly hosts: readonly StatusHost[];
  /** Progress of its run; `null` before it has one. */
  readonly run: ActiveRun | null;
}

/** A host that is far slower than it usually is. */
export interface SlowHost {
  /** Its name, with the port if it is not the default. */
  readonly host: string;
  /** Its speed as a share of its usual one. */
  readonly ratio: number;
  /** Since when, ISO 8601 UTC. */
  readonly since: string;
  /** How many requests may be in flight to it now, and at most; `null` if that is unknown. */
  readonly limit: { readonly value: number; readonly ceiling: number } | null;
}

/** Progress of the run of one process. All numbers except `listedModels` are 0 until its plan is ready. */
export type ActiveRun = Omit<StatusRun, "leftMs">;

/** Options of {@linkcode readActive}. */
export interface ReadActiveOptions {
  /** The current time, milliseconds since the epoch. */
  readonly now: number;
  /**
   * A file whose time differs from `now` by more than this, in milliseconds, was left by a process that has ended. The
   * process id cannot show that: another process may use it by now, or it may belong to another container.
   *
   * @default {15000}
   */
  readonly staleMs?: number | undefined;
}

/** Larger files are ignored: no process writes as much. */
const MAX_BYTES = 1024 * 1024;

/**
 * Read what the downloading processes of a library report about themselves: `state/active/PID.json`, written by
 * `ActiveSnapshot` of the downloader. Files that are missing, malformed or not readable are skipped.
 *
 * @param folder The folder `active`
 * @returns One entry per process that is alive, ordered by process id
 */
export async function readActive(folder: string, options: ReadActiveOptions): Promise<readonly ActiveProcess[]> {
  const { now, staleMs = 15_000 } = options;
  const found: ActiveProcess[] = [];
  for (const name of await namesIn(folder)) {
    const value = await readJson(join(folder, name));
    const process = value === null ? null : parseActive(value);
    if (process !== null && Math.abs(now - process.time) <= staleMs) found.push(process.active);
  }
  return found.toSorted((a, b) => a.pid - b.pid);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await listIfExists(folder);
  return entries.filter((entry) => entry.isFile && /^\d+\.json$/.test(entry.name)).map((entry) => entry.name);
}

/**
 * Returns `null` for a file that has just been removed, that a crash left incomplete, or that only another user may
 * read.
 */
async function readJson(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    if ((await Deno.stat(path)).size > MAX_BYTES) return null;
    const value: unknown = JSON.parse(await Deno.readTextFile(path));
    return isRecord(value) ? value : null;
  } catch (error) {
    const isExpected = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied ||
      error instanceof SyntaxError;
    if (isExpected) return null;
    throw error;
  }
}

function parseActive(
  value: Readonly<Record<string, unknown>>,
): { readonly time: number; readonly active: ActiveProcess } | null {
  const { schema, version, time, pid, bytesPerSecond, silence, hosts, downloads, run } = value;
  if (schema !== "civitai-dl/active" || version !== 1 || typeof time !== "string" || typeof pid !== "number") {
    return null;
  }
  if (!Array.isArray(downloads)) return null;
  const active = {
    pid,
    bytesPerSecond: number(bytesPerSecond),
    silence: isRecord(silence) ? parseSilence(silence) : null,
    hosts: Array.isArray(hosts) ? hosts.flatMap(parseHost) : [],
    downloads: downloads.flatMap(parseDownload),
    run: isRecord(run) ? parseRun(run) : null,
  };
  return { time: Date.parse(time), active };
}

/** The hosts of downloading processes that are slower than usual. */
export function findSlowHosts(processes: readonly ActiveProcess[]): readonly SlowHost[] {
  return processes.flatMap(({ hosts }) =>
    hosts.flatMap(({ host, ratio, slowSince, limit }) =>
      ratio === null || slowSince === null ? [] : [{ host, ratio, since: slowSince, limit }]
    )
  );
}

function parseDownload(value: unknown): readonly StatusDownload[] {
  if (!isRecord(value) || typeof value.path !== "string") return [];
  const { path, host, totalBytes } = value;
  return [{
    path,
    host: typeof host === "string" ? host : null,
    bytes: number(value.bytes),
    totalBytes: typeof totalBytes === "number" ? totalBytes : null,
    bytesPerSecond: number(value.bytesPerSecond),
    connections: number(value.connections),
    waiting: isRecord(value.waiting) ? parseWaiting(value.waiting) : null,
  }];
}

function parseSilence(silence: Readonly<Record<string, unknown>>): StatusSilence | null {
  const { ms, since, hosts, files } = silence;
  if (typeof since !== "string" || Number.isNaN(Date.parse(since))) return null;
  const names = Array.isArray(hosts) ? hosts.filter((host) => typeof host === "string") : [];
  return { ms: number(ms), since, hosts: names, files: number(files) };
}

function parseRun(run: Readonly<Record<string, unknown>>): ActiveRun {
  return {
    phase: run.phase === "fetching" ? "fetching" : "listing",
    target: typeof run.target === "string" ? run.target : null,
    listedModels: number(run.listedModels),
    files: number(run.files),
    bytes: number(run.bytes),
    doneFiles: number(run.doneFiles),
    doneBytes: number(run.doneBytes),
    failedFiles: number(run.failedFiles),
  };
}

function parseHost(value: unknown): readonly StatusHost[] {
  if (!isRecord(value) || typeof value.host !== "string" || !isRecord(value.limit)) return [];
  const { host, kind, limit } = value;
  return [{
    host,
    ratio: numberOrNull(value.ratio),
    kind: kind === "answer" || kind === "bytes" ? kind : null,
    usual: numberOrNull(value.usual),
    current: numberOrNull(value.current),
    slowSince: timeOrNull(value.slowSince),
    limit: {
      value: number(limit.value),
      ceiling: number(limit.ceiling),
      reason: typeof limit.reason === "string" ? limit.reason : null,
      changedAt: timeOrNull(limit.changedAt),
    },
  }];
}

function parseWaiting({ reason, until }: Readonly<Record<string, unknown>>): StatusWaiting | null {
  if (typeof reason !== "string" || typeof until !== "string" || Number.isNaN(Date.parse(until))) return null;
  return { reason, ja: { reason: isProblemId(reason) ? PROBLEMS[reason].ja.title : null }, until };
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function timeOrNull(value: unknown): string | null {
  return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
