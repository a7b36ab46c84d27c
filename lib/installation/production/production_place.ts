/** A file that the place offers. */
export interface ProductionFile {
  /** Size in bytes. */
  readonly sizeBytes: number;
  /** The true SHA-256, in lower case. */
  readonly sha256: string;
}

/** A local Civitai that a program is tested against. The program that has a sandbox provides it. */
export interface ProductionPlace extends AsyncDisposable {
  /** Origin of its API. */
  readonly apiOrigin: string;
  /** The one valid API key. */
  readonly token: string;
  /** Name of the creator of all files. */
  readonly creator: string;
  /** Every file of that creator. */
  readonly files: readonly ProductionFile[];
  /** Number of requests for download links and for bytes of files so far. */
  readonly fileRequests: number;
  /** Bytes of files that were sent so far. */
  readonly fileBytes: number;
  /**
   * Replace the faults of its responses, each as `sandbox --toxic` takes it; how often each file was requested is counted
   * anew.
   */
  setFaults(faults: readonly string[]): void;
}

/**
 * Start such a place.
 *
 * @param sizes Exact sizes in bytes of its first files; it may have more
 * @returns The place; dispose it to stop it
 */
export type StartPlace = (sizes: readonly number[]) => Promise<ProductionPlace>;
