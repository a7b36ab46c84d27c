/** Speed is taken over this time. */
const WINDOW_MS = 5000;

/** The speed of the last seconds, from a count that only grows and is looked at now and then. */
export class RecentSpeed {
  readonly #seen: { readonly at: number; readonly total: number }[];

  constructor(at: number, total = 0) {
    this.#seen = [{ at, total }];
  }

  /** Look at the count; gives its growth a second. */
  read(at: number, total: number): number {
    const seen = this.#seen;
    seen.push({ at, total });
    while (seen.length > 2 && at - seen[0]!.at > WINDOW_MS) seen.shift();
    const first = seen[0]!;
    return at > first.at ? Math.round((total - first.total) / ((at - first.at) / 1000)) : 0;
  }
}
