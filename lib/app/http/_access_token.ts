import { createHash, timingSafeEqual } from "node:crypto";

/** Minimum length of a token in characters: shorter ones can be guessed over a network. */
export const MIN_TOKEN_LENGTH = 16;

/**
 * Checks the access token: in the `Authorization` header, in the URL of a first visit, or in the cookie that was set by
 * this visit.
 */
export class AccessToken {
  readonly #token: Uint8Array;
  readonly #session: string;
  readonly #cookie: string;

  /**
   * Store the digest of a token, and the value derived from the token for the cookie.
   *
   * @param port Port of the server; part of the cookie's name, because cookies are shared by all ports of a host
   */
  constructor(token: string, port: number) {
    this.#token = digest(token);
    // The browser stores a derived value that is valid for this page only, not the token itself.
    this.#session = createHash("sha256").update(`civitai-dl page\0${token}`).digest("base64url");
    this.#cookie = `civitai_dl_${port}`;
  }

  /** Whether `text` equals the token. The comparison takes constant time. */
  matches(text: string): boolean {
    return timingSafeEqual(this.#token, digest(text));
  }

  /** Whether a request carries the token in `Authorization`, or the cookie of an earlier visit. */
  admits(authorization: string | null, cookie: string | null): boolean {
    const bearer = /^Bearer +(\S+)\s*$/i.exec(authorization ?? "")?.[1];
    if (bearer !== undefined) return this.matches(bearer);
    const cookies = (cookie ?? "").split(/[;,] */).map((pair) => pair.split("="));
    const session = cookies.find(([name]) => name === this.#cookie)?.[1];
    return session !== undefined && timingSafeEqual(digest(this.#session), digest(session));
  }

  /**
   * The `Set-Cookie` header for a first visit with the right token. Scripts cannot read the cookie, and requests from
   * other sites do not carry it.
   */
  get setCookie(): string {
    return `${this.#cookie}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }
}

/** All digests have the same length, so comparing them does not reveal the length of the text. */
function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
