/** Where to fetch a file's bytes. */
export interface ResolvedDownload {
  /** A signed URL of the storage, or the API's own if it sends the file itself. Never show or store it. */
  readonly url: string;
  /** Host and port of the URL. */
  readonly host: string;
  /** When the signature expires, in milliseconds since the epoch; `null` if the URL does not say. */
  readonly expiresAt: number | null;
  /** Whether the API sends the file itself; then send the headers of `Client.headersFor`. */
  readonly direct: boolean;
}
