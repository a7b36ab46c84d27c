import { join } from "node:path";
import * as z from "zod";
import { isDenoError, listIfExists } from "../../base/mod.ts";
import type { ActiveRecord } from "../../library/mod.ts";
import { isProblemId, PROBLEMS } from "../../problems/mod.ts";
import type { StatusWaiting } from "../../status/mod.ts";

const at = z.iso.datetime();
const amount = z.number().nullable().default(null);

const waiting = z.object({ reason: z.string(), until: at }).transform(({ reason, until }): StatusWaiting => ({
  reason,
  ja: { reason: isProblemId(reason) ? PROBLEMS[reason].ja.title : null },
  until,
}));

const download = z.object({
  path: z.string(),
  host: z.string().nullable(),
  bytes: z.number(),
  totalBytes: amount,
  bytesPerSecond: z.number(),
  connections: z.number(),
  waiting: waiting.nullable().default(null),
});

const host = z.object({
  host: z.string(),
  speed: z.object({ kind: z.enum(["answer", "bytes"]), ratio: z.number(), usual: z.number(), current: z.number() })
    .nullable(),
  slowSince: at.nullable(),
  limit: z.object({
    value: z.number(),
    ceiling: z.number(),
    reason: z.string().nullable(),
    changedAt: at.nullable(),
  }),
});

const run = z.object({
  activity: z.enum(["listing", "fetching"]),
  target: z.string().nullable(),
  listedModels: z.number(),
  files: z.number(),
  bytes: z.number(),
  doneFiles: z.number(),
  doneBytes: z.number(),
  failedFiles: z.number(),
});

const document = z.object({
  schema: z.literal("civitai-dl/active"),
  version: z.literal(1),
  time: at,
  pid: z.number(),
  bytesPerSecond: z.number(),
  silence: z.object({ ms: z.number(), since: at, hosts: z.array(z.string()), files: z.number() }).nullable()
    .default(null),
  downloads: z.array(download),
  hosts: z.array(host).default([]),
  run: run.nullable().default(null),
}) satisfies z.ZodType<ActiveRecord>;

/** What one downloading process reports about itself, with the words of what its files wait for. */
export type ActiveProcess = Omit<z.output<typeof document>, "schema" | "version" | "time">;

/** A host that is far slower than it usually is. */
export interface SlowHost {
  /** Its name, with the port if it is not the default. */
  readonly host: string;
  /** Its speed as a share of its usual one. */
  readonly ratio: number;
  /** Since when, ISO 8601. */
  readonly since: string;
  /** How many requests may be in flight to it now, and at most. */
  readonly limit: { readonly value: number; readonly ceiling: number };
}

/** Larger files are ignored: no process writes as much. */
const MAX_BYTES = 1024 * 1024;
/**
 * A file whose time differs by more than this was left by a process that has ended. The process id cannot show that:
 * another process may use it by now, or it may belong to another container.
 */
const STALE_MS = 15_000;

/**
 * Read what the downloading processes of a library report about themselves: `state/active/PID.json`. Files that are
 * missing, invalid or not readable are skipped.
 *
 * @param folder The folder `active`
 * @param options The current time, milliseconds since the epoch, and how old a file may be
 * @returns One entry per process that is alive, ordered by process id
 */
export async function readActive(
  folder: string,
  { now, staleMs = STALE_MS }: { readonly now: number; readonly staleMs?: number },
): Promise<readonly ActiveProcess[]> {
  const found: ActiveProcess[] = [];
  for (const { name, isFile } of await listIfExists(folder)) {
    if (!isFile || !/^\d+\.json$/.test(name)) continue;
    const { data } = document.safeParse(await readJson(join(folder, name)));
    if (data === undefined || Math.abs(now - Date.parse(data.time)) > staleMs) continue;
    const { schema: _, version: __, time: ___, ...process } = data;
    found.push(process);
  }
  return found.toSorted((a, b) => a.pid - b.pid);
}

/** `null` for a file that has just been removed, that a crash left incomplete, or that only another user may read. */
async function readJson(path: string): Promise<unknown> {
  try {
    if ((await Deno.stat(path)).size > MAX_BYTES) return null;
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof SyntaxError || isDenoError(error, "NotFound", "PermissionDenied")) return null;
    throw error;
  }
}

/** The hosts of downloading processes that are slower than usual. */
export function findSlowHosts(processes: readonly ActiveProcess[]): readonly SlowHost[] {
  return processes.flatMap(({ hosts }) =>
    hosts.flatMap(({ host, speed, slowSince, limit }) =>
      speed === null || slowSince === null ? [] : [{ host, ratio: speed.ratio, since: slowSince, limit }]
    )
  );
}
