import { type Clock, formatCount, formatDuration, formatSize, systemClock } from "../../base/mod.ts";
import type { ActiveRun } from "../../library/mod.ts";
import { RunProgress } from "./_run_progress.ts";
import type { DownloadEvent } from "../download_event.ts";

/** Window that the speed is measured over, in milliseconds. */
const WINDOW_MS = 5000;
/** Waits shorter than this are not shown, in milliseconds. */
const MIN_WAIT_MS = 1000;
/** Maximum number of waits that are tracked; only the one that ends first is shown. */
const MAX_WAITS = 100;

/** A wait of an item, a host or a request to the API. */
interface Wait {
  /** End of the wait by the monotonic clock, in milliseconds. */
  readonly until: number;
  readonly reason: string;
}

/** What a run has achieved by now. */
export interface ProgressSnapshot extends ActiveRun {
  /** Bytes per second over the last five seconds. */
  readonly bytesPerSecond: number;
  /** Seconds until all is there at this speed; `null` if that is not known. */
  readonly secondsLeft: number | null;
  /** The files in progress; a size of 0 is not known. */
  readonly current: readonly { readonly path: string; readonly bytes: number; readonly doneBytes: number }[];
}

interface CurrentFile {
  readonly path: string;
  readonly totalBytes: number;
  bytes: number;
}

/**
 * Follows the events of a run, and formats its progress for a terminal.
 *
 * @example
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 * import { Progress } from "@civitai-dl/civitai-dl/downloader";
 *
 * const progress = new Progress();
 * progress.record({ type: "plan", files: 180, bytes: 4000 });
 * progress.record({ type: "bytes", key: "file:2:3", count: 1000 });
 * assertEquals(progress.fraction(), 0.25);
 * assertStringIncludes(progress.summary(), "0/180 files");
 * ```
 */
export class Progress {
  readonly #clock: Clock;
  readonly #current = new Map<string, CurrentFile>();
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];
  /** Bytes present of the files in progress, by key. */
  readonly #present = new Map<string, number>();
  readonly #waits = new Map<string, Wait>();
  #bytesAt: number;
  readonly #run = new RunProgress();
  #bytes = 0;
  #isRetrying = false;

  /**
   * Start by listing, with nothing listed.
   *
   * @param options Clock that measures speed and waits; the system clock by default
   */
  constructor(options: { readonly clock?: Clock | undefined } = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#bytesAt = this.#clock.monotonic();
  }

  /** Update the progress with one event. */
  record(event: DownloadEvent): void {
    this.#run.record(event);
    switch (event.type) {
      case "plan":
        this.#bytesAt = this.#clock.monotonic();
        break;
      case "start":
        this.#current.set(event.item.key, {
          path: event.item.path,
          totalBytes: event.totalBytes,
          bytes: event.resumedBytes,
        });
        this.#present.set(event.item.key, event.resumedBytes);
        break;
      case "restart":
        this.#add(event.item.key, -event.lostBytes);
        break;
      case "bytes":
        this.#count(event.key, event.count);
        break;
      case "retry":
        this.#isRetrying = true;
        this.#wait(event.item.key, event.waitMs, `${event.failure}, to fetch "${event.item.path}" again`);
        break;
      case "api-retry":
        this.#wait(`api ${event.what}`, event.waitMs, `${event.failure}, to ${event.what} again`);
        break;
      case "wait":
        this.#wait(`host ${event.host}`, event.waitMs, `"${event.host}" ${event.reason}`);
        break;
      case "pass":
        this.#isRetrying = true;
        break;
      case "end":
        this.#current.delete(event.item.key);
        this.#present.delete(event.item.key);
        this.#waits.delete(event.item.key);
        break;
    }
  }

  /**
   * Format the overall line, such as `42/180 files, 3 failed (retrying), 1.2 GiB, 35.0 MiB/s, 4m left`. Speed and time
   * left are computed from the last five seconds. If no bytes arrive, the line shows the reason and length of the wait.
   *
   * @param options Whether it is short, such as `42/180, 3 failed, 1.2 GiB, 35.0 MiB/s, 4m left`, for a narrow terminal
   */
  summary({ isShort = false }: { readonly isShort?: boolean } = {}): string {
    const speed = this.#speed();
    const waiting = speed > 0 ? null : this.#waiting();
    const { activity, listedModels, files, bytes, doneFiles, doneBytes, failedFiles } = this.#read();
    if (activity === "listing") {
      const listed = `Listing: ${formatCount(listedModels, "model")}`;
      return waiting === null ? listed : `${listed}, ${waiting}`;
    }
    const retrying = this.#isRetrying && !isShort ? " (retrying)" : "";
    const failed = failedFiles === 0 ? "" : `, ${failedFiles} failed${retrying}`;
    const left = Math.max(0, bytes - doneBytes);
    const eta = speed > 0 && left > 0 ? `, ${formatDuration(Math.ceil(left / speed) * 1000)} left` : "";
    const pace = waiting ?? `${formatSize(speed)}/s${eta}`;
    return `${doneFiles}/${files}${isShort ? "" : " files"}${failed}, ${formatSize(this.#bytes)}, ${pace}`;
  }

  /** Completed fraction of the planned bytes, 0 to 1; of the number of planned files if no sizes are known. */
  fraction(): number {
    const { files, bytes, doneFiles, doneBytes } = this.#read();
    if (bytes > 0) return Math.min(1, doneBytes / bytes);
    return files === 0 ? 0 : Math.min(1, doneFiles / files);
  }

  /** Files in progress, with the completed fraction of each, 0 to 1; 0 if the size is unknown. */
  current(): readonly { readonly path: string; readonly fraction: number; readonly totalBytes: number }[] {
    return [...this.#current.values()].map(({ path, totalBytes, bytes }) => ({
      path,
      totalBytes,
      fraction: totalBytes === 0 ? 0 : Math.min(1, bytes / totalBytes),
    }));
  }

  /** What the run has achieved by now, in numbers. */
  snapshot(): ProgressSnapshot {
    const run = this.#read();
    const bytesPerSecond = Math.round(this.#speed());
    const left = Math.max(0, run.bytes - run.doneBytes);
    return {
      ...run,
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 && run.activity === "fetching" ? Math.ceil(left / bytesPerSecond) : null,
      current: [...this.#current.values()].map(({ path, totalBytes, bytes }) => ({
        path,
        bytes: totalBytes,
        doneBytes: bytes,
      })),
    };
  }

  #read(): ActiveRun {
    return this.#run.read([...this.#present.values()].reduce((sum, bytes) => sum + bytes, 0));
  }

  /** Add to the bytes present of a file in progress. */
  #add(key: string, count: number): void {
    this.#present.set(key, Math.max(0, (this.#present.get(key) ?? 0) + count));
    const file = this.#current.get(key);
    if (file !== undefined) file.bytes = Math.max(0, file.bytes + count);
  }

  #count(key: string, count: number): void {
    const now = this.#clock.monotonic();
    this.#bytes += count;
    this.#bytesAt = now;
    this.#waits.delete(key);
    this.#add(key, count);
    const last = this.#samples.at(-1);
    if (last === undefined || now - last.at > 100) this.#samples.push({ at: now, bytes: this.#bytes });
    this.#forget(now);
  }

  #wait(key: string, waitMs: number, reason: string): void {
    const now = this.#clock.monotonic();
    for (const [known, { until }] of this.#waits) if (until <= now) this.#waits.delete(known);
    if (waitMs >= MIN_WAIT_MS && this.#waits.size < MAX_WAITS) this.#waits.set(key, { until: now + waitMs, reason });
  }

  /** Describe the current wait. Return `null` during a listing or a gap of less than five seconds. */
  #waiting(): string | null {
    const now = this.#clock.monotonic();
    const waits = [...this.#waits.values()].filter(({ until }) => until > now);
    const next = waits.toSorted((a, b) => a.until - b.until)[0];
    if (next !== undefined) return `waiting ${seconds(next.until - now)}: ${next.reason}`;
    const idleMs = now - this.#bytesAt;
    return this.#run.read(0).activity === "listing" || idleMs < WINDOW_MS ? null : `no data for ${seconds(idleMs)}`;
  }

  /** Drop samples from before the window, except the last of them. */
  #forget(now: number): void {
    while (this.#samples.length > 1 && this.#samples[1]!.at < now - WINDOW_MS) this.#samples.shift();
  }

  /** Bytes per second over the window that ends now. */
  #speed(): number {
    const now = this.#clock.monotonic();
    this.#forget(now);
    const first = this.#samples[0];
    if (first === undefined) return 0;
    if (first.at < now - WINDOW_MS) return (this.#bytes - first.bytes) / (WINDOW_MS / 1000);
    return this.#bytes / (Math.max(1000, now - first.at) / 1000);
  }
}

function seconds(ms: number): string {
  return formatDuration(Math.ceil(ms / 1000) * 1000);
}
