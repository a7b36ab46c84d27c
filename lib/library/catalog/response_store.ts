/** An API response, as the catalog stores it. */
export interface StoredResponse {
  /** The server's validator for the body. */
  readonly etag: string;
  /** The body, as text. */
  readonly body: string;
}

/**
 * API responses with their validators. Their total size is limited; the least recently used response is removed first.
 */
export interface ResponseStore {
  /**
   * Return the response stored under a key.
   *
   * @param key Key that the response was stored under
   * @returns The response; `null` if there is none or its bytes are damaged
   */
  get(key: string): StoredResponse | null;
  /**
   * Store a response. It replaces an earlier one under the same key.
   *
   * @param key Key for {@linkcode ResponseStore.get}
   * @param response Validator and body; a body that would take more than a sixteenth of the space is not stored
   */
  put(key: string, response: StoredResponse): void;
}
