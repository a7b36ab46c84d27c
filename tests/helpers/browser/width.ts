import type { BrowserPage } from "./browser_page.ts";

/** How wide a page is, compared with the screen. */
export interface PageWidth {
  /** The width of its content in pixels; the width of the screen if everything fits. */
  readonly scrollWidth: number;
  /** Elements that reach over the right edge, unless they are in a box that scrolls or cuts by itself. */
  readonly offScreen: readonly string[];
  /** Boxes that scroll sideways without a shadow at the side where more is hidden. */
  readonly unmarked: readonly string[];
}

/** Measure the width of the page that is open. */
export function measureWidth(page: BrowserPage): Promise<PageWidth> {
  return page.evaluate<PageWidth>(`(() => {
    const isCut = (node) => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(node).overflowX);
    const named = (node) => node.outerHTML.slice(0, 120);
    const parents = (node) => node.parentElement === null || node.parentElement === document.body
      ? [] : [node.parentElement, ...parents(node.parentElement)];
    const all = Array.from(document.querySelectorAll("body *"));
    const offScreen = all.filter((node) => node.getBoundingClientRect().right > innerWidth + 0.5)
      .filter((node) => ![node, ...parents(node)].some((one) => getComputedStyle(one).position === "fixed"))
      .filter((node) => !parents(node).some(isCut));
    const unmarked = all.filter((node) => ["auto", "scroll"].includes(getComputedStyle(node).overflowX))
      .filter((node) => node.clientWidth > 0 && node.scrollWidth > node.clientWidth + 1)
      .filter((node) => !getComputedStyle(node).backgroundAttachment.startsWith("local, local, scroll, scroll"));
    return {
      scrollWidth: document.scrollingElement.scrollWidth,
      offScreen: offScreen.map(named),
      unmarked: unmarked.map(named),
    };
  })()`);
}
