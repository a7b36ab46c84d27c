/** One request in the log, without secrets. */
export interface LoggedRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The port that received it. */
  readonly host: "api" | "storage";
  /** HTTP method, such as `GET`. */
  readonly method: string;
  /** The route, with names for its variable parts, such as `/api/v1/models/:id`. */
  readonly route: string;
  /** Path and, on the API, the query without the token. */
  readonly target: string;
  /** HTTP status of the response. */
  readonly status: number;
  /** The header `User-Agent`; `null` if absent. */
  readonly userAgent: string | null;
  /** Names of the faults that were applied. */
  readonly toxics: readonly string[];
}

/** Something that a well-behaved client does not do. */
export interface Violation {
  /**
   * `authorizationAtStorage`: a token was sent to the storage or image host. `pageUsed`: a listing was requested by
   * page number. `browserUserAgent`: the client posed as a browser. `noUserAgent`: the request had no `User-Agent`.
   * `tooManyConnections`: more simultaneous downloads than storage accepts.
   */
  readonly type:
    | "authorizationAtStorage"
    | "pageUsed"
    | "browserUserAgent"
    | "noUserAgent"
    | "tooManyConnections";
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Path of the URL, without the query. */
  readonly path: string;
}

const MAX_ENTRIES = 10_000;

/**
 * What the servers recorded. Counters are complete. Lists hold at least the newest 10 000 entries.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { startSandbox } from "@civitai-dl/civitai-dl/sandbox";
 *
 * await using sandbox = await startSandbox({ size: "tiny" });
 * const answer = await fetch(`${sandbox.apiOrigin}/api/v1/models?page=2`);
 * await answer.body?.cancel();
 * assertEquals(sandbox.log.counts.get("GET /api/v1/models"), 1);
 * assertEquals(sandbox.log.violations.map(({ type }) => type), ["pageUsed"]);
 * ```
 */
export class SandboxLog {
  readonly #requests: LoggedRequest[] = [];
  readonly #violations: Violation[] = [];
  readonly #counts = new Map<string, number>();
  readonly #userAgents = new Set<string>();
  readonly #crashes: unknown[] = [];
  readonly #peaks = { api: 0, storage: 0 };
  #storageBytes = 0;
  #imageBytes = 0;
  #downloads = 0;
  #activeDownloads = 0;
  #peakDownloads = 0;

  /** The latest requests, oldest first. */
  get requests(): readonly LoggedRequest[] {
    return this.#requests;
  }

  /** The latest violations, oldest first. */
  get violations(): readonly Violation[] {
    return this.#violations;
  }

  /** Number of requests by method and route, such as `GET /api/v1/models`. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Number of requests to the download route. */
  get downloadHits(): number {
    return this.#downloads;
  }

  /** Bytes of model files that were sent. */
  get storageBytes(): number {
    return this.#storageBytes;
  }

  /** Bytes of images that were sent. */
  get imageBytes(): number {
    return this.#imageBytes;
  }

  /** The largest number of connections that were open at the same time, for each port. */
  get peakConnections(): { readonly api: number; readonly storage: number } {
    return { ...this.#peaks };
  }

  /** The largest number of model files that were sent at the same time. */
  get peakDownloads(): number {
    return this.#peakDownloads;
  }

  /** Number of model files that are being sent now. */
  get activeDownloads(): number {
    return this.#activeDownloads;
  }

  /** The distinct values of the `User-Agent` header, up to 100. */
  get userAgents(): ReadonlySet<string> {
    return this.#userAgents;
  }

  /** Errors of the sandbox itself. Each is a bug in the sandbox, not in the client. */
  get crashes(): readonly unknown[] {
    return this.#crashes;
  }

  /** Clear everything except the downloads that are in progress. */
  clear(): void {
    for (const list of [this.#requests, this.#violations, this.#crashes]) list.length = 0;
    this.#counts.clear();
    this.#userAgents.clear();
    this.#storageBytes = this.#imageBytes = this.#downloads = 0;
    this.#peakDownloads = this.#activeDownloads;
    this.#peaks.api = this.#peaks.storage = 0;
  }

  /** Record a request. */
  addRequest(request: LoggedRequest): void {
    const key = `${request.method} ${request.route}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (request.route.startsWith("/api/download/")) this.#downloads++;
    if (request.userAgent !== null && this.#userAgents.size < 100) this.#userAgents.add(request.userAgent);
    keep(this.#requests, request);
  }

  /** Record a violation. */
  addViolation(violation: Violation): void {
    keep(this.#violations, violation);
  }

  /** Count bytes that were sent. */
  addBytes(kind: "storage" | "image", count: number): void {
    if (kind === "storage") this.#storageBytes += count;
    else this.#imageBytes += count;
  }

  /** Record how many connections are open now. */
  addConnections(host: "api" | "storage", openCount: number): void {
    this.#peaks[host] = Math.max(this.#peaks[host], openCount);
  }

  /** Count a model file whose transfer begins; call the returned function when the transfer has ended. */
  beginDownload(): () => void {
    this.#activeDownloads++;
    this.#peakDownloads = Math.max(this.#peakDownloads, this.#activeDownloads);
    return () => this.#activeDownloads--;
  }

  /** Record an error of the sandbox itself. */
  addCrash(error: unknown): void {
    keep(this.#crashes, error);
  }
}

function keep<T>(list: T[], entry: T): void {
  list.push(entry);
  // Drop entries in blocks, because `shift` takes time proportional to the length of the list.
  if (list.length >= MAX_ENTRIES * 1.2) list.splice(0, list.length - MAX_ENTRIES);
}
