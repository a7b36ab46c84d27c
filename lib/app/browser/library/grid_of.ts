/** Space between cards, in pixels. */
export const GAP = 12;
/** Height of the text below a picture, in pixels; the styles clip what is longer. */
export const TEXT_HEIGHT = 96;
/** A picture's height by its width: most pictures are taller than wide. */
const PICTURE_RATIO = 1.25;
/** Smallest width of a card in a box that is narrower than a tablet, and in others. */
const MIN_CARD = { narrow: 148, wide: 196 };
const NARROW = 640;
/** Rows that are drawn above and below the visible ones. */
const OVERSCAN = 1;

/** What the grid depends on; lengths are CSS pixels. */
export interface GridInput {
  /** Number of cards. */
  readonly count: number;
  /** Width of the box. */
  readonly width: number;
  /** Height of the box that is visible. */
  readonly viewport: number;
  /** Distance of the box's upper edge from the first row, as if no height were limited. */
  readonly position: number;
  /** Largest height of what is scrolled. */
  readonly maxHeight: number;
}

/** Where the cards of a grid are; lengths are CSS pixels. */
export interface Grid {
  readonly columns: number;
  readonly cardWidth: number;
  readonly pictureHeight: number;
  /** Height of a row with the gap below it. */
  readonly rowHeight: number;
  /** Height of all rows. */
  readonly height: number;
  /** Height of what is scrolled: `height`, or the limit. */
  readonly scrollHeight: number;
  readonly viewport: number;
  /** First card that is drawn, and the one behind the last. */
  readonly first: number;
  readonly end: number;
}

/** Compute the grid: every card has the same size, so a card's place follows from its index. */
export function gridOf({ count, width, viewport, position, maxHeight }: GridInput): Grid {
  const least = width < NARROW ? MIN_CARD.narrow : MIN_CARD.wide;
  const columns = Math.max(1, Math.floor((width + GAP) / (least + GAP)));
  const cardWidth = Math.max(1, Math.floor((width - GAP * (columns - 1)) / columns));
  const pictureHeight = Math.round(cardWidth * PICTURE_RATIO);
  const rowHeight = pictureHeight + TEXT_HEIGHT + GAP;
  const height = Math.ceil(count / columns) * rowHeight;
  const firstRow = Math.max(0, Math.floor(position / rowHeight) - OVERSCAN);
  const endRow = Math.max(0, Math.ceil((position + viewport) / rowHeight) + OVERSCAN);
  return {
    columns,
    cardWidth,
    pictureHeight,
    rowHeight,
    height,
    scrollHeight: Math.min(height, maxHeight),
    viewport,
    first: Math.min(count, firstRow * columns),
    end: Math.min(count, endRow * columns),
  };
}

/** Where a card is, from the upper left corner of the grid, as if no height were limited. */
export function placeOf(index: number, { columns, cardWidth, rowHeight }: Grid): { left: number; top: number } {
  return { left: (index % columns) * (cardWidth + GAP), top: Math.floor(index / columns) * rowHeight };
}

/** The position nearest to `position` that shows the whole card. */
export function positionToShow(index: number, position: number, grid: Grid): number {
  const { top } = placeOf(index, grid);
  if (top < position) return top;
  return Math.max(position, Math.min(top, top + grid.rowHeight - grid.viewport));
}

/** The card that a key leads to from another one; `null` if the key moves nothing. */
export function cardByKey(key: string, index: number, { count, grid }: { count: number; grid: Grid }): number | null {
  const page = Math.max(1, Math.floor(grid.viewport / grid.rowHeight)) * grid.columns;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -grid.columns,
    ArrowDown: grid.columns,
    PageUp: -page,
    PageDown: page,
    Home: -count,
    End: count,
  };
  const step = Object.hasOwn(steps, key) ? steps[key]! : null;
  if (step === null || count === 0) return null;
  const next = index + step;
  // Up from the first row stays there; all other moves end at the first or last card.
  if (key === "ArrowUp" && next < 0) return index;
  return Math.min(count - 1, Math.max(0, next));
}
