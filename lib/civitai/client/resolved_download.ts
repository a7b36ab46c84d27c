/** Where to fetch a file's bytes. */
export interface ResolvedDownload {
  /** A signed storage URL, or the API's own URL if the API sends the file itself. Never show or store it. */
  readonly url: string;
  /** When the signature expires, in milliseconds since the epoch; `null` if the URL does not say. */
  readonly expiresAt: number | null;
  /** Whether the API sends the file itself. If so, send the headers from `Client.headersFor`. */
  readonly direct: boolean;
}
