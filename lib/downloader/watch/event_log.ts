import {
  type Clock,
  ensurePrivateFolder,
  KitError,
  PRIVATE_FILE_MODE,
  type Redactor,
  restrictPermissions,
  systemClock,
} from "../../base/mod.ts";
import { LogWriter } from "../../journal/mod.ts";
import { join } from "node:path";
import type { DownloadEvent } from "../download_event.ts";
import { problemOfEvent } from "./problem_of_event.ts";

/** Options of {@linkcode openEventLog}. */
export interface EventLogOptions {
  /** Removes secrets from each line. */
  readonly redact: Redactor;
  /**
   * Size in bytes at which the file is renamed to `download.log.1`, and older ones to the next number.
   *
   * @default {10_485_760}
   */
  readonly maxBytes?: number | undefined;
  /**
   * Number of old files to keep; with 0, the log starts over when it is full.
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
  /** Write one event as a line; `bytes`, `page` and `planned` events are skipped. */
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
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createRedactor } from "@civitai-dl/civitai-dl";
 * import { openEventLog } from "@civitai-dl/civitai-dl/downloader";
 *
 * const folder = await Deno.makeTempDir();
 * const log = openEventLog(folder, { redact: createRedactor(["s3cr3t-token"]) });
 * log.write({ type: "warning", message: "the key is s3cr3t-token" });
 * log[Symbol.dispose]();
 * const { level, message } = JSON.parse(await Deno.readTextFile(`${folder}/download.log`));
 * assertEquals([level, message], ["WARN", "the key is [redacted]"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function openEventLog(folder: string, options: EventLogOptions): EventLog {
  const { redact, maxBytes = 10 * 1024 * 1024, keep = 5, clock = systemClock } = options;
  const path = join(folder, NAME);
  const log = new LogWriter(path, { rotation: { maxBytes, keep } });
  openLog(folder, log);
  for (let number = 0; number <= keep; number++) {
    restrictPermissions(number === 0 ? path : `${path}.${number}`, PRIVATE_FILE_MODE);
  }
  return {
    write(event) {
      if (event.type === "bytes" || event.type === "page" || event.type === "planned") return;
      const level = levelOf(event);
      const problem = problemOfEvent(event);
      const head = { time: new Date(clock.now()).toISOString(), level, ...problem === null ? {} : { problem } };
      log.append(redact(JSON.stringify({ ...head, ...event })));
    },
    [Symbol.dispose]: () => log[Symbol.dispose](),
  };
}

function levelOf(event: DownloadEvent): string {
  if (event.type === "end" && event.message !== null) return "ERROR";
  // An error would count as a failure of its own, although the run has already reported what failed.
  if (event.type === "run-end" && event.exitCode !== 0) return "WARN";
  return LEVELS[event.type] ?? "INFO";
}

function openLog(folder: string, log: LogWriter): void {
  try {
    ensurePrivateFolder(folder, { marker: NAME });
    log.open();
  } catch (error) {
    // Refused links and missing permissions already have messages with a hint.
    const isExplained = error instanceof KitError || error instanceof Deno.errors.NotCapable;
    if (!(error instanceof Error) || isExplained) throw error;
    throw new KitError("unsafe", `Cannot write a log to "${folder}": ${error.message}`, {
      hint: "Use another folder, or fix its permissions",
      cause: error,
    });
  }
}
