/** A cached answer of the API. */
export interface CachedAnswer {
  /** The ETag, exactly as the server sent it. */
  readonly etag: string;
  /** The body, before parsing. */
  readonly body: string;
}

/** A cache of answers. The server can confirm a cached answer with "304 Not Modified" instead of sending it again. */
export interface AnswerCache {
  /** Return the answer under a key; `null` if there is none or it is unreadable. */
  get(key: string): CachedAnswer | null;
  /** Store an answer under a key. The cache may drop it at any time. */
  put(key: string, answer: CachedAnswer): void;
}
