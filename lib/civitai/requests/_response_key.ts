import { createHash } from "node:crypto";

/** The fields that identify a request in the answer cache. */
export interface Question {
  /** Base, path and query, without the token. */
  readonly url: string;
  readonly token: string | undefined;
}

/**
 * Compute the cache key of a GET request. It is a hash of the URL and the hashed token. Accounts therefore do not share
 * responses, and neither the token nor the URL can be read from the key.
 */
export function responseKey({ url, token }: Question): string {
  const account = token === undefined ? "" : createHash("sha256").update(token).digest("hex");
  return createHash("sha256").update(JSON.stringify(["GET", url, account])).digest("hex");
}
