import { dirname, isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { parseSize, systemClock } from "../../base/mod.ts";
import { wrapFailure } from "../../failsafe/mod.ts";
import { LogWriter } from "../../journal/mod.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import type { Notification } from "./notification.ts";
import type { Receiver, ReceiverKind, ReceiverOptions } from "./receiver.ts";

/** `file:`: appends one JSON object per line; several processes may write to the same file. */
export const FILE: ReceiverKind = {
  form: "file:///PATH, or file:PATH from the working directory",
  shown: "all",
  create: createFileReceiver,
};

function createFileReceiver(url: ReceiverUrl, seams: ReceiverOptions): Receiver {
  const { clock = systemClock } = seams;
  const path = parsePath(url);
  const maxBytes = parseMaxBytes(url);
  const keep = Number(url.parameter("keep") ?? 3);
  if (!Number.isInteger(keep) || keep < 0 || keep > 100) url.fail('the parameter "keep" must be 0 to 100');
  url.assertAllRead();
  return {
    description: isAbsolute(path) ? pathToFileURL(path).href : `file:${path}`,
    async send(notification, { signal }) {
      try {
        signal.throwIfAborted();
        await Deno.mkdir(dirname(path), { recursive: true });
        const log = new LogWriter(path, { rotation: { maxBytes, keep } });
        try {
          log.append(JSON.stringify(toDocument(notification, clock.now())));
          log.sync();
        } finally {
          log[Symbol.dispose]();
        }
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw wrapFailure(error, `Cannot write "${path}"`);
      }
    },
  };
}

function parsePath(url: ReceiverUrl): string {
  const path = url.filePath;
  if (path === "" || /[\\/]$/.test(path)) url.fail("no file name");
  return path;
}

function parseMaxBytes(url: ReceiverUrl): number {
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
  const toIso = (ms: number) => new Date(ms).toISOString();
  const alerts = notification.alerts.map((alert) => ({
    ...alert,
    startsAt: toIso(alert.startsAt),
    endsAt: alert.endsAt === null ? null : toIso(alert.endsAt),
  }));
  return { schema: "civitai-dl/notification", version: 1, time: toIso(now), ...notification, alerts };
}
