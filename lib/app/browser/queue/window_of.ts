/** Rows that are drawn above and below the visible ones. */
const OVERSCAN = 12;

/** Which rows of a long list are drawn; all have the same height, in pixels. */
export interface RowWindow {
  readonly first: number;
  /** The row behind the last one. */
  readonly end: number;
}

/** Find the rows to draw: `top` is the distance of the list's upper edge from that of the screen, negative above it. */
export function windowOf(
  { count, rowHeight, top, height }: {
    readonly count: number;
    readonly rowHeight: number;
    readonly top: number;
    readonly height: number;
  },
): RowWindow {
  const first = Math.floor(-top / rowHeight) - OVERSCAN;
  const end = Math.ceil((height - top) / rowHeight) + OVERSCAN;
  const within = (row: number): number => Math.min(count, Math.max(0, row));
  return { first: within(first), end: within(end) };
}
