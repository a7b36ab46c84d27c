import { signal } from "@preact/signals";
import { followScroll, isRunningOut, positionAt, type ScrollHeights, scrollTopAt } from "./follow_scroll.ts";

/** The bar is put where it belongs when nothing has moved for this long. */
const IDLE_MS = 150;
/** A move of more heights of the box than this is too fast for pictures. */
const FAST = 1;

/** Keeps a position, which has no limit, in step with the offset of a box, which browsers limit. */
export class GridScroller {
  /** Distance from the first row. */
  readonly position = signal(0);
  /** Where the first row is, from the upper edge of what is scrolled: 0 unless the height is limited. */
  readonly origin = signal(0);
  /** Whether the box moves too fast for pictures to be of use. */
  readonly isFast = signal(false);
  readonly #onIdle: (position: number) => void;
  #box: HTMLElement | null = null;
  #heights: ScrollHeights = { height: 0, scrollHeight: 0, viewport: 0 };
  #scrollTop = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(onIdle: (position: number) => void) {
    this.#onIdle = onIdle;
  }

  /** Take the box after each change of what is in it. */
  attach(box: HTMLElement | null, heights: ScrollHeights): void {
    const isSame = box === this.#box && heights.height === this.#heights.height &&
      heights.viewport === this.#heights.viewport;
    this.#box = box;
    this.#heights = heights;
    if (!isSame) this.moveTo(this.position.peek());
  }

  /** Stop: nothing is told any more. */
  detach(): void {
    clearTimeout(this.#idle);
    this.#box = null;
  }

  /** Move to a position. */
  moveTo(position: number): void {
    const { height, viewport } = this.#heights;
    // Without content, the position waits for it.
    this.position.value = height === 0 ? position : Math.min(Math.max(0, height - viewport), Math.max(0, position));
    this.#seat();
    this.#wait();
  }

  /** Take what the browser has scrolled. */
  follow(): void {
    const scrollTop = this.#box?.scrollTop ?? 0;
    if (this.#heights.height === 0 || Math.abs(scrollTop - this.#scrollTop) < 0.5) return;
    const before = this.position.peek();
    const state = { scrollTop: this.#scrollTop, position: before };
    const position = this.#isScaled ? followScroll(state, scrollTop, this.#heights) : scrollTop;
    this.#scrollTop = scrollTop;
    this.position.value = position;
    this.isFast.value = Math.abs(position - before) > FAST * this.#heights.viewport;
    this.origin.value = scrollTop - position;
    if (isRunningOut({ scrollTop, position }, this.#heights)) this.#seat();
    this.#wait();
  }

  /** Put the bar where the position belongs. */
  #seat(): void {
    if (this.#box === null) return;
    const position = this.position.peek();
    this.#box.scrollTop = scrollTopAt(position, this.#heights);
    this.#scrollTop = this.#box.scrollTop;
    this.origin.value = this.#isScaled ? this.#scrollTop - position : 0;
  }

  get #isScaled(): boolean {
    return this.#heights.scrollHeight < this.#heights.height;
  }

  #wait(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.isFast.value = false;
      if (this.#isScaled && Math.abs(positionAt(this.#scrollTop, this.#heights) - this.position.peek()) > 1) {
        this.#seat();
      }
      this.#onIdle(this.position.peek());
    }, IDLE_MS);
  }
}
