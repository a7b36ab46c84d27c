import { type Clock, formatDuration, formatSize, systemClock } from "../base/mod.ts";
import type { DownloadEvent } from "./download_event.ts";

/** Speed is taken over this time. */
const WINDOW_MS = 5000;

interface CurrentFile {
  readonly path: string;
  readonly totalBytes: number;
  bytes: number;
}

/** Follows the events of a run and tells how far it is. */
export class Progress {
  readonly #clock: Clock;
  readonly #current = new Map<string, CurrentFile>();
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];
  #phase = "Listing";
  #models = 0;
  #totalFiles = 0;
  #totalBytes = 0;
  #doneFiles = 0;
  #failed = 0;
  #bytes = 0;
  #isRetrying = false;

  /**
   * Make one.
   *
   * @param options Clock
   */
  constructor(options: { readonly clock?: Clock | undefined } = {}) {
    this.#clock = options.clock ?? systemClock;
  }

  /** Take in one event. */
  see(event: DownloadEvent): void {
    switch (event.type) {
      case "page":
        this.#models = event.models;
        break;
      case "plan":
        [this.#totalFiles, this.#totalBytes, this.#phase] = [event.files, event.bytes, "Fetching"];
        break;
      case "start":
        this.#current.set(event.item.key, {
          path: event.item.path,
          totalBytes: event.totalBytes,
          bytes: event.resumedBytes,
        });
        break;
      case "bytes":
        this.#count(event.key, event.count);
        break;
      case "retry":
        this.#isRetrying = true;
        break;
      case "pass":
        [this.#failed, this.#isRetrying] = [0, true];
        break;
      case "end":
        this.#current.delete(event.item.key);
        if (event.outcome === "failed") this.#failed++;
        else this.#doneFiles++;
        break;
    }
  }

  /** The overall line, such as `42/180 files, 3 failed (retrying), 1.2 GiB, 35.0 MiB/s, 4m left`. */
  summary(): string {
    if (this.#phase === "Listing") return `Listing: ${this.#models} ${this.#models === 1 ? "model" : "models"}`;
    const speed = this.#speed();
    const failed = this.#failed === 0 ? "" : `, ${this.#failed} failed${this.#isRetrying ? " (retrying)" : ""}`;
    const left = Math.max(0, this.#totalBytes - this.#bytes);
    const eta = speed > 0 && left > 0 ? `, ${formatDuration(left / speed * 1000)} left` : "";
    return `${this.#doneFiles}/${this.#totalFiles} files${failed}, ${formatSize(this.#bytes)}, ${
      formatSize(speed)
    }/s${eta}`;
  }

  /** The share that is done, 0 to 1. */
  fraction(): number {
    if (this.#totalBytes > 0) return Math.min(1, this.#bytes / this.#totalBytes);
    return this.#totalFiles === 0 ? 0 : Math.min(1, this.#doneFiles / this.#totalFiles);
  }

  /** The files under way. */
  current(): readonly { readonly path: string; readonly fraction: number; readonly totalBytes: number }[] {
    return [...this.#current.values()].map(({ path, totalBytes, bytes }) => ({
      path,
      totalBytes,
      fraction: totalBytes === 0 ? 0 : Math.min(1, bytes / totalBytes),
    }));
  }

  #count(key: string, count: number): void {
    const now = this.#clock.monotonic();
    this.#bytes += count;
    const file = this.#current.get(key);
    if (file !== undefined) file.bytes += count;
    const last = this.#samples.at(-1);
    if (last === undefined || now - last.at > 100) this.#samples.push({ at: now, bytes: this.#bytes });
    while (this.#samples.length > 2 && now - this.#samples[0]!.at > WINDOW_MS) this.#samples.shift();
  }

  #speed(): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return (last.bytes - first.bytes) / ((last.at - first.at) / 1000);
  }
}
