import type { ActiveRun } from "../../library/mod.ts";
import type { DownloadEvent } from "../download_event.ts";

/** Derives the progress of a run from its events. */
export class RunProgress {
  #activity: ActiveRun["activity"] = "listing";
  #target: string | null = null;
  /** Number of models by listing: each page event contains the number in its listing so far. */
  readonly #models = new Map<string, number>();
  #files = 0;
  #bytes = 0;
  #doneFiles = 0;
  #endedBytes = 0;
  #failedFiles = 0;

  /** Update the progress with one event. */
  record(event: DownloadEvent): void {
    switch (event.type) {
      case "target":
        this.#target = event.target;
        break;
      case "page":
        this.#models.set(event.target, event.models);
        break;
      case "plan":
        this.#activity = "fetching";
        this.#target = null;
        this.#files = event.files;
        this.#bytes = event.bytes;
        break;
      case "replan":
        this.#target = null;
        this.#files += event.files;
        this.#bytes += event.bytes;
        break;
      case "pass":
        this.#failedFiles = Math.max(0, this.#failedFiles - event.remaining);
        break;
      case "end":
        if (event.outcome === "failed" || event.outcome === "corrupted") {
          this.#failedFiles++;
          break;
        }
        this.#doneFiles++;
        this.#endedBytes += event.bytes;
        // What a file that is not available was to bring will not come.
        this.#bytes = Math.max(0, this.#bytes + event.bytes - (event.sizeBytes ?? event.bytes));
        break;
    }
  }

  /**
   * Return the current progress.
   *
   * @param underWay Bytes present of the files in progress
   */
  read(underWay: number): ActiveRun {
    return {
      activity: this.#activity,
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
