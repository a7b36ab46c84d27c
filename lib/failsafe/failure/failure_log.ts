import { join } from "node:path";
import {
  appendRotated,
  type Clock,
  createRedactor,
  ensurePrivateFolder,
  type Redactor,
  systemClock,
} from "../../base/mod.ts";
import { classifyFailure, FailureError } from "./failure.ts";
import type { FailureEntry, FailureLine } from "./failure_entry.ts";

/** Options of {@linkcode FailureLog}. */
export interface FailureLogOptions {
  /** The program's version, for each line. */
  readonly version: string;
  /**
   * Removes secrets from each line.
   *
   * @default {createRedactor()}
   */
  readonly redact?: Redactor | undefined;
  /**
   * A file beyond this size becomes `failures.jsonl.1`, and so on.
   *
   * @default {10 MiB}
   */
  readonly maxBytes?: number | undefined;
  /**
   * Old files to keep.
   *
   * @default {5}
   */
  readonly keep?: number | undefined;
  /** Told once when a line cannot be written; the line is lost then. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

const NAME = "failures.jsonl";
/** A message may hold a whole page. */
const MAX_MESSAGE = 2000;

/** Writes failures to `failures.jsonl`, one JSON object a line, which several processes may do at once. */
export class FailureLog {
  /** The file. */
  readonly path: string;
  readonly #folder: string;
  readonly #options: FailureLogOptions;
  #count = 0;
  #hasFolder = false;
  #hasWarned = false;

  /**
   * Make one.
   *
   * @param folder Where the file is; made when the first failure comes
   * @param options Version, redaction, rotation
   */
  constructor(folder: string, options: FailureLogOptions) {
    this.#folder = folder;
    this.#options = options;
    this.path = join(folder, NAME);
  }

  /** How many failures were told to this log. */
  get count(): number {
    return this.#count;
  }

  /**
   * Write a failure down.
   *
   * @param entry The error, and what is known about it
   */
  write(entry: FailureEntry): void {
    const { redact = createRedactor(), maxBytes = 10 * 1024 * 1024, keep = 5 } = this.#options;
    this.#count++;
    try {
      if (!this.#hasFolder) ensurePrivateFolder(this.#folder, { marker: NAME });
      this.#hasFolder = true;
      appendRotated(this.path, redact(JSON.stringify(this.#line(entry, redact))), { maxBytes, keep });
    } catch (error) {
      this.#warn(error);
    }
  }

  #line(entry: FailureEntry, redact: Redactor): FailureLine {
    const { error, mode = null, host = null, attempt = null, breaker = null } = entry;
    const { version, clock = systemClock } = this.#options;
    const message = redact(error instanceof Error ? error.message : String(error));
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
