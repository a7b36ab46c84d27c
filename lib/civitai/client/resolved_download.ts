/** Where the bytes of a file are. */
export interface ResolvedDownload {
  /** A signed address of the storage, or the API's own when it sends the file itself: never to be shown or stored. */
  readonly url: string;
  /** Host and port of it. */
  readonly host: string;
  /** When the signature ends, in milliseconds since the epoch; `null` when it does not tell. */
  readonly expiresAt: number | null;
  /** The API sends the file itself: ask with the headers of `Client.headersFor`. */
  readonly direct: boolean;
}
