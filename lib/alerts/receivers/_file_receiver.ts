import { dirname, isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { acquireLock, type Clock, openNoFollow, parseSize, systemClock } from "../../base/mod.ts";
import { wrapFailure } from "../../failsafe/mod.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import type { Notification } from "../delivery/notification.ts";
import type { Receiver, ReceiverSeams } from "./receiver.ts";

const LOCK_WAIT_MS = 5000;

interface LogFile {
  readonly path: string;
  readonly maxBytes: number;
  /** Number of rotated files to keep. */
  readonly keep: number;
  readonly clock: Clock;
}

/** `file:`: appends one JSON object per line; several processes may write to the same file. */
export function createFileReceiver(url: ReceiverUrl, seams: ReceiverSeams): Receiver {
  const { name = url.scheme, clock = systemClock } = seams;
  const path = pathOf(url);
  const maxBytes = sizeOf(url);
  const keep = Number(url.parameter("keep") ?? 3);
  if (!Number.isInteger(keep) || keep < 0 || keep > 100) url.fail('the parameter "keep" must be 0 to 100');
  url.end();
  return {
    name,
    describe: isAbsolute(path) ? pathToFileURL(path).href : `file:${path}`,
    async send(notification, { signal }) {
      try {
        await Deno.mkdir(dirname(path), { recursive: true });
        using _lock = await acquireLock(`${path}.lock`, {
          command: "alerts",
          waitMs: LOCK_WAIT_MS,
          signal,
          clock,
        });
        await append({ path, maxBytes, keep, clock }, notification);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw wrapFailure(error, `Cannot write "${path}"`);
      }
    },
  };
}

function pathOf(url: ReceiverUrl): string {
  const path = url.filePath;
  if (path === "" || /[\\/]$/.test(path)) url.fail("no file name");
  return path;
}

function sizeOf(url: ReceiverUrl): number {
  const text = url.parameter("maxsize") ?? "10M";
  let bytes = 0;
  try {
    bytes = parseSize(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return bytes >= 1024 ? bytes : url.fail('the parameter "maxsize" must be a size such as 10M, 1K at least');
}

/** Convert a notification to the JSON document of one line, with times as ISO 8601 UTC. */
function toDocument(notification: Notification, now: number): Record<string, unknown> {
  const stamp = (ms: number) => new Date(ms).toISOString();
  const alerts = notification.alerts.map((alert) => ({
    ...alert,
    startsAt: stamp(alert.startsAt),
    endsAt: alert.endsAt === null ? null : stamp(alert.endsAt),
  }));
  return { schema: "civitai-dl/notification", version: 1, time: stamp(now), ...notification, alerts };
}

async function append(log: LogFile, notification: Notification): Promise<void> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(toDocument(notification, log.clock.now()))}\n`);
  const size = await sizeNow(log.path);
  if (size > 0 && size + bytes.length > log.maxBytes) await rotate(log);
  using file = await openNoFollow(log.path, { append: true, create: true });
  const before = (await file.stat()).size;
  try {
    for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
    await file.syncData();
  } catch (error) {
    // A partial line would corrupt the next one. If the disk refuses this too, the first error is the one to report.
    await file.truncate(before).catch(() => {});
    throw error;
  }
}

async function sizeNow(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function rotate({ path, keep }: LogFile): Promise<void> {
  if (keep === 0) return await Deno.remove(path);
  for (let number = keep; number >= 1; number--) {
    try {
      await Deno.rename(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`);
    } catch (error) {
      // There are fewer rotated files than may be kept.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
