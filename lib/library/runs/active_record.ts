/**
 * What a downloading process reports of itself once a second, in `state/active/PID.json`. `ActiveSnapshot` of the room
 * `downloader` writes it, `readActive` of the room `monitor` reads it. Times are ISO 8601 UTC.
 */
export interface ActiveRecord {
  /** Identifies the document. */
  readonly schema: "civitai-dl/active";
  /** Version of the schema. */
  readonly version: 1;
  /** When it was written. */
  readonly time: string;
  /** Process id. */
  readonly pid: number;
  /** Rate of all downloads of the process together, in the last five seconds. */
  readonly bytesPerSecond: number;
  /** `null` while bytes arrive, or nothing waits for them. */
  readonly silence: ActiveSilence | null;
  /** The files that are being downloaded. */
  readonly downloads: readonly ActiveDownload[];
  /** The hosts of the run. */
  readonly hosts: readonly ActiveHost[];
  /** Progress of the run; `null` if the process does not report it. */
  readonly run: ActiveRun | null;
}

/** One file that is being downloaded. */
export interface ActiveDownload {
  /** Its final path, relative to the library. */
  readonly path: string;
  /** The host that sends it; `null` until it is known. */
  readonly host: string | null;
  /** Number of bytes that are already present. */
  readonly bytes: number;
  /** Total size in bytes; `null` if unknown. */
  readonly totalBytes: number | null;
  /** Current rate, in bytes per second. */
  readonly bytesPerSecond: number;
  /** Number of connections that fetch it. */
  readonly connections: number;
  /** The class of failure of the last attempt, and when the next one is due; `null` unless it waits for that. */
  readonly waiting: { readonly reason: string; readonly until: string | null } | null;
}

/** A silence: files wait for bytes, or the listing for an answer of the API, and none arrives. */
export interface ActiveSilence {
  /** Time since the last byte or answer in which the run waited for one, in milliseconds. */
  readonly ms: number;
  /** When that began. */
  readonly since: string;
  /** The hosts that they wait for; the one that most wait for comes first. */
  readonly hosts: readonly string[];
  /** How many files wait; 0 if the listing does. */
  readonly files: number;
}

/** A host that a running downloader uses, compared with its own usual speed. */
export interface ActiveHost {
  /** Its name, with the port if it is not the default. */
  readonly host: string;
  /** Its speed in the last seconds beside its usual one; `null` if one of them is not known. */
  readonly speed: ActiveSpeed | null;
  /** Since when the host is slow; `null` if it is not. */
  readonly slowSince: string | null;
  /** How many requests may be in flight to it. */
  readonly limit: ActiveLimit;
}

/** The speed of a host beside its usual one. */
export interface ActiveSpeed {
  /** What is compared: milliseconds of an answer, or bytes per second. */
  readonly kind: "answer" | "bytes";
  /** The speed of the last seconds as a share of the usual one, such as 0.01. */
  readonly ratio: number;
  /** The usual value. */
  readonly usual: number;
  /** The value of the last seconds. */
  readonly current: number;
}

/** How many requests may be in flight to a host. */
export interface ActiveLimit {
  /** The limit now. */
  readonly value: number;
  /** Its maximum. */
  readonly ceiling: number;
  /**
   * Why it last changed: `refused` or `latency` if the host was overloaded, `recovered` or `room` if it no longer is,
   * `idle`, or `measure` for a short test; `null` if it has not changed.
   */
  readonly reason: string | null;
  /** When it last changed; `null` if it has not. */
  readonly changedAt: string | null;
}

/** Progress of a run. All numbers except `listedModels` are 0 until its plan is complete. */
export interface ActiveRun {
  /** `listing` until the plan is complete, then `fetching`. */
  readonly activity: "listing" | "fetching";
  /** The target that is being listed; `null` if none is. */
  readonly target: string | null;
  /** Models listed so far, of all targets. */
  readonly listedModels: number;
  /** Number of files to fetch according to the plan. */
  readonly files: number;
  /** Stated sizes of those files together, in bytes; of files that have ended, what they really brought. */
  readonly bytes: number;
  /** Files that are done, or ended with a named outcome such as early access. */
  readonly doneFiles: number;
  /** Bytes of those files, plus the bytes present of the files in progress. */
  readonly doneBytes: number;
  /** Files that failed or were put aside as corrupt, without those that the current pass tries again. */
  readonly failedFiles: number;
}
