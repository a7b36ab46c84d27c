import { createHash, timingSafeEqual } from "node:crypto";

/** The shortest token that is accepted: shorter ones can be guessed over a network. */
export const MIN_TOKEN_LENGTH = 16;

/** Who may read: those who know a token, by header, by a first visit, or by the cookie that the visit left. */
export class AccessToken {
  readonly #token: Uint8Array;
  readonly #session: string;
  readonly #cookie: string;

  /**
   * Keep a token.
   *
   * @param token The secret
   * @param port Cookies do not tell ports apart, so their names must
   */
  constructor(token: string, port: number) {
    this.#token = digest(token);
    // The browser keeps something that is good for this monitor alone, and not the token.
    this.#session = createHash("sha256").update(`civitai-dl monitor\0${token}`).digest("base64url");
    this.#cookie = `civitai_dl_monitor_${port}`;
  }

  /** Whether a text is the token; takes as long for a near miss as for any other. */
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

  /** What a first visit with the right token sets; scripts cannot read it, and other sites cannot send it. */
  get setCookie(): string {
    return `${this.#cookie}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }
}

/** Digests are of one length, and tell nothing of the text's. */
function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
