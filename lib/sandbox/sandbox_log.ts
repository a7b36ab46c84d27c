/** One request, as the log keeps it; without secrets. */
export interface LoggedRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Which port it came to. */
  readonly host: "api" | "storage";
  /** `GET`, … */
  readonly method: string;
  /** The route, with names for its variable parts. */
  readonly route: string;
  /** Path and, on the API, the query without the token. */
  readonly target: string;
  /** Of the answer. */
  readonly status: number;
  /** Who called. */
  readonly userAgent: string | null;
  /** What went wrong on purpose. */
  readonly toxics: readonly string[];
}

/** Something that a well-behaved client does not do. */
export interface Violation {
  /**
   * `authorizationAtStorage`: a token was sent to the storage or image host. `pageUsed`: a listing was asked for by page.
   * `browserUserAgent`: it posed as a browser. `noUserAgent`: it did not say who it is. `tooManyConnections`: more
   * downloads at once than storage takes.
   */
  readonly type:
    | "authorizationAtStorage"
    | "pageUsed"
    | "browserUserAgent"
    | "noUserAgent"
    | "tooManyConnections";
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Path only. */
  readonly path: string;
}

const MAX_ENTRIES = 10_000;

/** What the servers saw. Counters are complete; lists hold the newest 10 000. */
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

  /** Requests, oldest first. */
  get requests(): readonly LoggedRequest[] {
    return this.#requests;
  }

  /** What no well-behaved client does. */
  get violations(): readonly Violation[] {
    return this.#violations;
  }

  /** Requests of each route, such as `GET /api/v1/models`. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Hits on the download route. */
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

  /** The most connections that were open at once. */
  get peakConnections(): { readonly api: number; readonly storage: number } {
    return { ...this.#peaks };
  }

  /** The most model files that were sent at once. */
  get peakDownloads(): number {
    return this.#peakDownloads;
  }

  /** How many model files are being sent now. */
  get activeDownloads(): number {
    return this.#activeDownloads;
  }

  /** Everybody who called. */
  get userAgents(): ReadonlySet<string> {
    return this.#userAgents;
  }

  /** Errors of the sandbox itself; a test that finds one has found a mistake here. */
  get crashes(): readonly unknown[] {
    return this.#crashes;
  }

  /** Forget everything but what is going on now. */
  clear(): void {
    for (const list of [this.#requests, this.#violations, this.#crashes]) list.length = 0;
    this.#counts.clear();
    this.#userAgents.clear();
    this.#storageBytes = this.#imageBytes = this.#downloads = 0;
    this.#peakDownloads = this.#activeDownloads;
    this.#peaks.api = this.#peaks.storage = 0;
  }

  /** Note a request. */
  addRequest(request: LoggedRequest): void {
    const key = `${request.method} ${request.route}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (request.route.startsWith("/api/download/")) this.#downloads++;
    if (request.userAgent !== null && this.#userAgents.size < 100) this.#userAgents.add(request.userAgent);
    keep(this.#requests, request);
  }

  /** Note a violation. */
  addViolation(violation: Violation): void {
    keep(this.#violations, violation);
  }

  /** Note bytes that were sent. */
  addBytes(kind: "storage" | "image", count: number): void {
    if (kind === "storage") this.#storageBytes += count;
    else this.#imageBytes += count;
  }

  /** Note that connections are open. */
  addConnections(host: "api" | "storage", openCount: number): void {
    this.#peaks[host] = Math.max(this.#peaks[host], openCount);
  }

  /** Note that a model file begins to be sent; call the result when that is over. */
  beginDownload(): () => void {
    this.#activeDownloads++;
    this.#peakDownloads = Math.max(this.#peakDownloads, this.#activeDownloads);
    return () => this.#activeDownloads--;
  }

  /** Note an error of the sandbox itself. */
  addCrash(error: unknown): void {
    keep(this.#crashes, error);
  }
}

function keep<T>(list: T[], entry: T): void {
  list.push(entry);
  // In blocks, because a shift of a long list costs its length.
  if (list.length >= MAX_ENTRIES * 1.2) list.splice(0, list.length - MAX_ENTRIES);
}
