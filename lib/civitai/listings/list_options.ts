/** What is told of each page of a listing. */
export interface PageNotice {
  /** From 1. */
  readonly number: number;
  /** Entries that the server sent and that could be read. */
  readonly received: number;
  /** Entries that were new and fitting. */
  readonly kept: number;
  /** Where the next page begins; `null` at the end. */
  readonly nextCursor: string | null;
}

/** Options of a listing. */
export interface ListOptions {
  /** Go on here: the `nextCursor` of an earlier page of the same query. */
  readonly cursor?: string | null | undefined;
  /** Told each page before it is handed out. */
  readonly onPage?: ((notice: PageNotice) => void) | undefined;
  /** Stops the listing. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a listing of images. */
export interface ListImagesOptions extends ListOptions {
  /**
   * Whether there must be images: then an empty first page, which a database time-out looks like, is asked for twice
   * more before it is believed.
   *
   * @default {false}
   */
  readonly expectsItems?: boolean | undefined;
}
