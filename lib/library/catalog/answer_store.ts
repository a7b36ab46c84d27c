/** An answer of the API as the catalog keeps it. */
export interface StoredAnswer {
  /** The server's validator. */
  readonly etag: string;
  /** The body, as text. */
  readonly body: string;
}

/** Answers of the API with their validators, bounded in bytes: what was not used for longest goes first. */
export interface AnswerStore {
  /**
   * The answer under a key.
   *
   * @param key Which
   * @returns The answer, or `null` when there is none or its bytes are damaged
   */
  get(key: string): StoredAnswer | null;
  /**
   * Keep an answer.
   *
   * @param key Which
   * @param answer Validator and body; one that would take more than a sixteenth of the room is left out
   */
  put(key: string, answer: StoredAnswer): void;
}
