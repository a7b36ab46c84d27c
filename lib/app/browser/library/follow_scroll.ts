/**
 * Largest height of what is scrolled, in CSS pixels. Browsers cut off what is higher than 33.5 million device pixels
 * (Chromium) or 17.9 million (Firefox). They also keep the offset with 24 bits, so at a device ratio of 3, a box of more
 * than 5.6 million would not scroll by single device pixels at its end.
 */
export const MAX_SCROLL_HEIGHT = 4_000_000;
/** Pixels at each end that are never scaled, so that a movement that begins there reaches the end. */
const END_ZONE = 100_000;
/** A movement of fewer heights of the box is the wheel, a key or a finger; the bar moves by more. */
const SMALL_MOVE = 2;

/** Heights of a box, in CSS pixels. */
export interface ScrollHeights {
  /** Of what is shown, as if no height were limited. */
  readonly height: number;
  /** Of what is scrolled. */
  readonly scrollHeight: number;
  readonly viewport: number;
}

/** Where a box is. */
export interface ScrollState {
  /** The browser's offset. */
  readonly scrollTop: number;
  /** The offset as if no height were limited. */
  readonly position: number;
}

interface Scale {
  readonly maxTop: number;
  readonly maxPosition: number;
  readonly zone: number;
  /** Pixels of position for a pixel of the scroll bar, between the zones. */
  readonly ratio: number;
}

function scaleOf({ height, scrollHeight, viewport }: ScrollHeights): Scale {
  const maxTop = Math.max(0, scrollHeight - viewport);
  const maxPosition = Math.max(0, height - viewport);
  const zone = Math.min(END_ZONE, maxTop / 4);
  const middle = maxTop - 2 * zone;
  return { maxTop, maxPosition, zone, ratio: middle > 0 ? (maxPosition - 2 * zone) / middle : 1 };
}

/** The position that belongs to a place of the scroll bar. */
export function positionAt(scrollTop: number, heights: ScrollHeights): number {
  const { maxTop, maxPosition, zone, ratio } = scaleOf(heights);
  if (scrollTop <= zone) return Math.max(0, scrollTop);
  if (scrollTop >= maxTop - zone) return maxPosition - Math.max(0, maxTop - scrollTop);
  return zone + (scrollTop - zone) * ratio;
}

/** The place of the scroll bar that belongs to a position: the inverse of {@linkcode positionAt}. */
export function scrollTopAt(position: number, heights: ScrollHeights): number {
  const { maxTop, maxPosition, zone, ratio } = scaleOf(heights);
  if (position <= zone) return Math.max(0, position);
  if (position >= maxPosition - zone) return maxTop - Math.max(0, maxPosition - position);
  return zone + (position - zone) / ratio;
}

/** The position after the browser has scrolled: small movements by exact pixels, larger ones by scale. */
export function followScroll(state: ScrollState, scrollTop: number, heights: ScrollHeights): number {
  const moved = scrollTop - state.scrollTop;
  if (Math.abs(moved) > SMALL_MOVE * heights.viewport) return positionAt(scrollTop, heights);
  const { maxPosition } = scaleOf(heights);
  return Math.min(maxPosition, Math.max(0, state.position + moved));
}

/** Whether the box is nearer to its end than the position is: then the bar has to be set back to go on. */
export function isRunningOut({ scrollTop, position }: ScrollState, heights: ScrollHeights): boolean {
  const { maxTop, maxPosition } = scaleOf(heights);
  const [above, below] = [scrollTop, maxTop - scrollTop] as const;
  const isAtTop = above < heights.viewport && position > above + 1;
  return isAtTop || below < heights.viewport && maxPosition - position > below + 1;
}
