import { type DownloadEvent, Progress } from "../../downloader/mod.ts";

/** What an entry does now. */
export type EntryPhase = "listing" | "fetching" | "checking";

/** How far an entry is. */
export interface EntryReading {
  /** What it does now. */
  readonly phase: EntryPhase;
  /** Files of the plan, or to check; while it lists, the models found so far. */
  readonly files: number;
  readonly filesDone: number;
  /** Stated size of the files of the plan, or bytes to read. */
  readonly bytes: number;
  readonly bytesDone: number;
  readonly bytesPerSecond: number;
  /** `null` if that is not known. */
  readonly secondsLeft: number | null;
  /** The files in progress. */
  readonly current: readonly { readonly path: string; readonly bytes: number; readonly bytesDone: number }[];
}

/** How far a check of files is. */
export interface CheckReading {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytesRead: number;
  /** 0 if no bytes are read. */
  readonly totalBytes: number;
  /** The file that is being checked. */
  readonly path: string;
}

/** Follows the run of an entry. */
export class EntryProgress {
  readonly #run = new Progress();
  #check: CheckReading | null = null;

  /** Record one event of a download. */
  record(event: DownloadEvent): void {
    this.#run.record(event);
  }

  /** Record how far a check is. */
  recordCheck(at: CheckReading): void {
    this.#check = at;
  }

  /** How far the entry is. */
  read(): EntryReading {
    const run = this.#run.snapshot();
    const check = this.#check;
    const speed = { bytesPerSecond: run.bytesPerSecond, secondsLeft: run.secondsLeft };
    if (check !== null) {
      const { files, totalFiles, bytesRead, totalBytes, path } = check;
      return {
        phase: "checking",
        files: totalFiles,
        filesDone: files,
        bytes: totalBytes,
        bytesDone: bytesRead,
        ...speed,
        current: path === "" ? [] : [{ path, bytes: 0, bytesDone: 0 }],
      };
    }
    const isListing = run.activity === "listing";
    return {
      phase: run.activity,
      files: isListing ? run.listedModels : run.files,
      filesDone: run.doneFiles + run.failedFiles,
      // Stated sizes are estimates.
      bytes: Math.round(run.bytes),
      bytesDone: Math.round(run.doneBytes),
      ...speed,
      current: run.current.map(({ path, bytes, doneBytes }) => ({ path, bytes, bytesDone: doneBytes })),
    };
  }
}
