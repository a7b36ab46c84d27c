/** Number of requests that a target needs, and the time that they take at the client's pace. */
export interface ExpectedRequests {
  /** Models that are listed. */
  readonly models: number;
  /** Pages of up to a hundred models; models that the listing omits need one additional request each. */
  readonly modelRequests: number;
  /** Galleries of the versions in the catalog: at most one request each, and none while a gallery is fresh. */
  readonly galleryRequests: number;
  /** Minimum time that the requests for models take, in milliseconds. */
  readonly modelMs: number;
  /** Maximum time that the requests for galleries take, in milliseconds. */
  readonly galleryMs: number;
}

/** Rates that the client limits its requests to. */
export interface Pace {
  /** Requests for models per second. */
  readonly modelRate: number;
  /** Requests for images per second. */
  readonly imageRate: number;
}
