import { join } from "node:path";
import {
  type Clock,
  createRedactor,
  ensurePrivateFolder,
  messageOf,
  type Redactor,
  systemClock,
} from "../../base/mod.ts";
import { LogWriter } from "../../journal/mod.ts";
import { classifyFailure, FailureError } from "./failure.ts";
import type { FailureEntry, FailureLine } from "./failure_entry.ts";

/** Options of {@linkcode FailureLog}. */
export interface FailureLogOptions {
  /** Version of the program, written to each line. */
  readonly version: string;
  /**
   * Removes secrets from each line.
   *
   * @default {createRedactor()}
   */
  readonly redact?: Redactor | undefined;
  /** Called the first time that a line cannot be written. That line is lost. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

const NAME = "failures.jsonl";
/** When the file becomes `failures.jsonl.1`, and how many such files are kept. */
const ROTATION = { maxBytes: 10 * 1024 * 1024, keep: 5 };
/** Maximum length of a message, because a message may contain a whole web page. */
const MAX_MESSAGE = 2000;

/**
 * Writes failures to `failures.jsonl`, one JSON object per line. Several processes may write at the same time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FailureLog } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const folder = await Deno.makeTempDir();
 * const log = new FailureLog(folder, { version: "1.0.0" });
 * log.write({ error: new DOMException("late", "TimeoutError"), host: "example.com", attempt: 1 });
 * const line = JSON.parse(await Deno.readTextFile(log.path));
 * assertEquals([line.class, line.host, line.failure_count], ["timeout", "example.com", 1]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class FailureLog {
  /** Path of `failures.jsonl`. */
  readonly path: string;
  readonly #folder: string;
  readonly #options: FailureLogOptions;
  /** Number of failures, including those whose lines could not be written. */
  #count = 0;
  #hasFolder = false;
  #hasWarned = false;

  /**
   * Start without touching the disk; the folder and the file are created with the first failure.
   *
   * @param folder The folder of the file
   * @param options Version, redaction
   */
  constructor(folder: string, options: FailureLogOptions) {
    this.#folder = folder;
    this.#options = options;
    this.path = join(folder, NAME);
  }

  /**
   * Append a failure to the log. Never throws: a write error becomes a warning.
   *
   * @param entry The error and its circumstances
   */
  write(entry: FailureEntry): void {
    const { redact = createRedactor() } = this.#options;
    this.#count++;
    try {
      if (!this.#hasFolder) ensurePrivateFolder(this.#folder, { marker: NAME });
      this.#hasFolder = true;
      const log = new LogWriter(this.path, { rotation: ROTATION });
      try {
        log.append(redact(JSON.stringify(this.#line(entry, redact))));
      } finally {
        log[Symbol.dispose]();
      }
    } catch (error) {
      this.#warn(error);
    }
  }

  #line(entry: FailureEntry, redact: Redactor): FailureLine {
    const { error, mode = null, host = null, attempt = null, breaker = null } = entry;
    const { version, clock = systemClock } = this.#options;
    const message = redact(messageOf(error));
    return {
      timestamp: new Date(clock.now()).toISOString(),
      error_type: error instanceof Error ? error.name : typeof error,
      error_message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message,
      version,
      failure_count: this.#count,
      class: classifyFailure(error),
      mode,
      host,
      attempt,
      breaker,
      refused_by: error instanceof FailureError ? error.refusedBy ?? null : null,
    };
  }

  #warn(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const { onWarning = () => {} } = this.#options;
    onWarning(`Cannot write "${this.path}": ${error instanceof Error ? error.message : error}`);
  }
}
