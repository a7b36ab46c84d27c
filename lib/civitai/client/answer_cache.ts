/** An answer of the API that is kept. */
export interface KeptAnswer {
  /** The server's validator, as it was sent. */
  readonly etag: string;
  /** The body, as text. */
  readonly body: string;
}

/** Where answers are kept, so that the server can say "not modified" instead of sending them again. */
export interface AnswerCache {
  /** The answer under a key; `null` when there is none, or it cannot be read any more. */
  get(key: string): KeptAnswer | null;
  /** Keep an answer; it may be forgotten at any time. */
  put(key: string, answer: KeptAnswer): void;
}
