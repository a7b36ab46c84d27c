import type { DownloadEvent } from "./download_event.ts";

/** How far a run is. */
export interface RunProgressReading {
  /** `listing` until the plan stands. */
  readonly phase: "listing" | "fetching";
  /** What is listed now; `null` when nothing is. */
  readonly target: string | null;
  /** Models that were listed so far, of all targets. */
  readonly listedModels: number;
  /** Files that the plan wants to fetch. */
  readonly files: number;
  /** Bytes of those files, as they were stated. */
  readonly bytes: number;
  /** Files whose turn ended well, or with a named outcome such as early access. */
  readonly doneFiles: number;
  /** Bytes of files that ended well, and what is there of those under way. */
  readonly doneBytes: number;
  /** Files that failed in this pass and are not done. */
  readonly failedFiles: number;
}

/** Counts a run's events. */
export class RunProgress {
  #phase: RunProgressReading["phase"] = "listing";
  #target: string | null = null;
  /** Models by listing: each page says how many its listing has so far. */
  readonly #models = new Map<string, number>();
  #files = 0;
  #bytes = 0;
  #doneFiles = 0;
  #endedBytes = 0;
  #failedFiles = 0;

  /** Take in one event. */
  see(event: DownloadEvent): void {
    switch (event.type) {
      case "target":
        this.#target = event.target;
        break;
      case "page":
        this.#models.set(event.target, event.models);
        break;
      case "plan":
        this.#phase = "fetching";
        this.#target = null;
        this.#files = event.files;
        this.#bytes = event.bytes;
        break;
      case "pass":
        this.#failedFiles = 0;
        break;
      case "end":
        if (event.outcome === "failed") {
          this.#failedFiles++;
          break;
        }
        this.#doneFiles++;
        this.#endedBytes += event.bytes;
        break;
    }
  }

  /**
   * Read it.
   *
   * @param underWay Bytes that are there of the files under way
   */
  read(underWay: number): RunProgressReading {
    return {
      phase: this.#phase,
      target: this.#target,
      listedModels: [...this.#models.values()].reduce((sum, models) => sum + models, 0),
      files: this.#files,
      bytes: this.#bytes,
      doneFiles: this.#doneFiles,
      doneBytes: this.#endedBytes + underWay,
      failedFiles: this.#failedFiles,
    };
  }
}
