/** An API answer, as the catalog keeps it. */
export interface StoredAnswer {
  /** The server's validator for the body. */
  readonly etag: string;
  /** The body, as text. */
  readonly body: string;
}

/** API answers with their validators, limited in bytes; the least recently used is removed first. */
export interface AnswerStore {
  /**
   * Return the answer kept under a key.
   *
   * @param key Key that the answer was put under
   * @returns The answer; `null` if there is none or its bytes are damaged
   */
  get(key: string): StoredAnswer | null;
  /**
   * Keep an answer; it replaces an earlier one under the same key.
   *
   * @param key Key for {@linkcode AnswerStore.get}
   * @param answer Validator and body; a body that would take more than a sixteenth of the space is not kept
   */
  put(key: string, answer: StoredAnswer): void;
}
