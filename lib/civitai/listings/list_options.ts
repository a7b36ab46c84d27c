/** One page of a listing, as reported to `onPage`. */
export interface PageNotice {
  /** Number of the page, from 1. */
  readonly number: number;
  /** Number of readable entries that the server sent. */
  readonly received: number;
  /** Number of entries that are new and match the query. */
  readonly kept: number;
  /** Cursor of the next page; `null` at the end. */
  readonly nextCursor: string | null;
}

/** Options of a listing. */
export interface ListOptions {
  /** Where to continue: the `nextCursor` of an earlier page of the same query. `null` starts at the beginning. */
  readonly cursor?: string | null | undefined;
  /** Called for each page before it is yielded. */
  readonly onPage?: ((notice: PageNotice) => void) | undefined;
  /** Stops the listing with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a listing of images. */
export interface ListImagesOptions extends ListOptions {
  /**
   * Whether at least one image is expected. If so, an empty first page, which may result from a database timeout on the
   * server, is requested up to two more times before it is accepted.
   *
   * @default {false}
   */
  readonly expectsItems?: boolean | undefined;
}
