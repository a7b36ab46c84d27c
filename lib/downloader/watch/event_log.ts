import {
  type Clock,
  ensurePrivateFolder,
  KitError,
  openNoFollowSync,
  PRIVATE_FILE_MODE,
  type Redactor,
  rotateFiles,
  systemClock,
  tighten,
} from "../../base/mod.ts";
import { join } from "node:path";
import type { DownloadEvent } from "./download_event.ts";

/** Options of {@linkcode openEventLog}. */
export interface EventLogOptions {
  /** Removes secrets from each line. */
  readonly redact: Redactor;
  /**
   * Size in bytes at which the file is renamed to `download.log.1`, and older ones to the next number.
   *
   * @default {10 MiB}
   */
  readonly maxBytes?: number | undefined;
  /**
   * Number of old files to keep; with 0 the log starts again when it is full.
   *
   * @default {5}
   */
  readonly keep?: number | undefined;
  /**
   * Source of the timestamps.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Writes events as JSON lines. */
export interface EventLog extends Disposable {
  /** Write one event as a line; `bytes` and `page` events are skipped. */
  write(event: DownloadEvent): void;
}

const NAME = "download.log";
const LEVELS: Partial<Record<DownloadEvent["type"], string>> = {
  warning: "WARN",
  unreadable: "WARN",
  "api-retry": "WARN",
  retry: "WARN",
  restart: "WARN",
  mode: "WARN",
  breaker: "WARN",
};

/**
 * Open `download.log` in a folder: one JSON object per line, rotated, without secrets.
 *
 * @param folder Folder of the log; created if it is missing
 * @param options Redaction and rotation
 * @returns The log; dispose it to close the file
 * @throws {KitError} `unsafe` if nothing can be written there
 */
export function openEventLog(folder: string, options: EventLogOptions): EventLog {
  const { redact, maxBytes = 10 * 1024 * 1024, keep = 5, clock = systemClock } = options;
  const path = join(folder, NAME);
  const open = () => openNoFollowSync(path, { append: true, create: true, mode: PRIVATE_FILE_MODE });
  let file = openFirst(folder, open);
  for (let number = 0; number <= keep; number++) tighten(number === 0 ? path : `${path}.${number}`, PRIVATE_FILE_MODE);
  let size = file.statSync().size;
  const encoder = new TextEncoder();
  return {
    write(event) {
      if (event.type === "bytes" || event.type === "page") return;
      const level = event.type === "end" && event.message !== null ? "ERROR" : LEVELS[event.type] ?? "INFO";
      const line = redact(JSON.stringify({ time: new Date(clock.now()).toISOString(), level, ...event }));
      const bytes = encoder.encode(`${line}\n`);
      if (size + bytes.length > maxBytes && size > 0) {
        file.close();
        rotateFiles(path, keep);
        file = open();
        size = 0;
      }
      for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
      size += bytes.length;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function openFirst(folder: string, open: () => Deno.FsFile): Deno.FsFile {
  try {
    ensurePrivateFolder(folder, { marker: NAME });
    return open();
  } catch (error) {
    // Refused links and missing permissions already have messages with a hint.
    const isTold = error instanceof KitError || error instanceof Deno.errors.NotCapable;
    if (!(error instanceof Error) || isTold) throw error;
    throw new KitError("unsafe", `Cannot write a log to "${folder}": ${error.message}`, {
      hint: "Use another folder, or fix its permissions",
      cause: error,
    });
  }
}
