/** A cached response of the API. */
export interface CachedResponse {
  /** The ETag, exactly as the server sent it. */
  readonly etag: string;
  /** The body, before parsing. */
  readonly body: string;
}

/**
 * A cache of responses. The server can confirm a cached response with "304 Not Modified" instead of sending it again.
 */
export interface ResponseCache {
  /** Return the response stored under a key; `null` if there is none or it is unreadable. */
  get(key: string): CachedResponse | null;
  /** Store a response under a key. The cache may drop it at any time. */
  put(key: string, response: CachedResponse): void;
}
