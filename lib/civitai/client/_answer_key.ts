import { createHash } from "node:crypto";

/** What an answer depends on. */
export interface Question {
  /** Base, path and query; the token is in none of them. */
  readonly url: string;
  readonly token: string | undefined;
}

/** A name for a question; what one account may see is not found under another's, and neither can be read from it. */
export function answerKey({ url, token }: Question): string {
  const account = token === undefined ? "" : createHash("sha256").update(token).digest("hex");
  return createHash("sha256").update(JSON.stringify(["GET", url, account])).digest("hex");
}
