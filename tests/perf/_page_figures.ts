import type { Browser } from "../helpers/browser/browser.ts";
import type { BrowserPage } from "../helpers/browser/browser_page.ts";

/** How the page behaved with many models. */
export interface ScrollFigures {
  /** From the navigation to the first cards with their names, in milliseconds. */
  readonly firstViewMs: number;
  /** The longest task of the main thread while scrolling, in milliseconds; 0 if all took less than 50. */
  readonly longestTaskMs: number;
  /** Distance that was scrolled, in pixels. */
  readonly scrolled: number;
  /** Largest number of elements in the document. */
  readonly elements: number;
}

/** Whether the last card can be reached on a screen. */
export interface EndFigures {
  readonly width: number;
  readonly ratio: number;
  readonly columns: number;
  /** By the scroll bar. */
  readonly byBar: boolean;
  /** By the wheel, from 20 000 pixels before the end. */
  readonly byWheel: boolean;
  /** By the key End. */
  readonly byKey: boolean;
  /** How far the cards in the middle moved when the wheel was turned by 100 pixels. */
  readonly wheelPixels: number;
}

const BOX = `document.querySelector(".grid-box")`;
const TURNS = 300;
const JUMPS = 60;
const PAGES = 100;

/** Scroll through the cards by wheel, bar and keys, and measure what that cost. */
export async function measureScrolling(browser: Browser, url: string): Promise<ScrollFigures> {
  const page = await browser.openPage(url, { width: 1440, height: 900 });
  const firstViewMs = await page.evaluate<number>(`new Promise((found) => {
    const look = () => document.querySelector(".model-about > *") ? found(performance.now()) : requestAnimationFrame(look);
    look();
  })`);
  await page.evaluate(`(() => {
    globalThis.longest = 0;
    globalThis.elements = 0;
    globalThis.scrolled = 0;
    let last = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: "longtask" });
    ${BOX}.addEventListener("scroll", () => {
      scrolled += Math.abs(${BOX}.scrollTop - last);
      last = ${BOX}.scrollTop;
      elements = Math.max(elements, document.querySelectorAll("*").length);
    });
  })()`);
  for (let turn = 0; turn < TURNS; turn++) await page.turnWheel(240, { x: 900, y: 500 });
  for (let jump = 0; jump < JUMPS; jump++) {
    await page.evaluate(`new Promise((done) => {
      ${BOX}.scrollTop = ${BOX}.scrollHeight * ${((jump * 37) % JUMPS) / JUMPS};
      setTimeout(done, ${jump % 3 === 0 ? 300 : 30});
    })`);
  }
  await page.evaluate(`document.querySelector(".model-link[tabindex='0']").focus()`);
  for (let pages = 0; pages < PAGES; pages++) await page.press("PageDown", { code: 34 });
  return await page.evaluate<ScrollFigures>(`new Promise((done) => setTimeout(() => done({
    firstViewMs: ${Math.round(firstViewMs)},
    longestTaskMs: Math.round(longest),
    scrolled: Math.round(scrolled),
    elements,
  }), 500))`);
}

/** Try each way to the last card. */
export async function measureEnd(
  browser: Browser,
  url: string,
  { width, ratio, count }: { readonly width: number; readonly ratio: number; readonly count: number },
): Promise<EndFigures> {
  const page = await browser.openPage(url, { width, height: 800, ratio });
  await page.waitFor(`document.querySelector(".model-about > *")`);
  const columns = await page.evaluate<number>(
    `new Set(Array.from(document.querySelectorAll(".model"), (card) => card.style.left)).size`,
  );
  const place = await middle(page);
  const last = `(() => {
    const card = document.querySelector("[data-index='${count - 1}']")?.getBoundingClientRect();
    const box = ${BOX}.getBoundingClientRect();
    return card !== undefined && card.bottom <= box.bottom + 1 && card.bottom > box.top;
  })()`;
  const reaches = (): Promise<boolean> => page.waitFor(last).then(() => true, () => false);
  const jump = async (share: number): Promise<void> => {
    await page.evaluate(`${BOX}.scrollTop = ${BOX}.scrollHeight * ${share}`);
    await rest(page);
  };
  await jump(1);
  const byBar = await reaches();
  for (let turn = 0; turn < 20; turn++) await page.turnWheel(-1000, place);
  await rest(page);
  const isAway = !await page.evaluate<boolean>(last);
  for (let turn = 0; turn < 30; turn++) await page.turnWheel(1000, place);
  const byWheel = isAway && await reaches();
  await jump(0.4);
  const wheelPixels = await turnInTheMiddle(page);
  await jump(0);
  await page.evaluate(`document.querySelector("[data-index='0']").focus()`);
  await page.press("End", { code: 35 });
  const byKey = await reaches() &&
    await page.evaluate<boolean>(`document.activeElement.dataset.index === "${count - 1}"`);
  return { width, ratio, columns, byBar, byWheel, byKey, wheelPixels };
}

async function turnInTheMiddle(page: BrowserPage): Promise<number> {
  const top = (index: number) =>
    page.evaluate<number>(`document.querySelector("[data-index='${index}']").getBoundingClientRect().top`);
  const index = await page.evaluate<number>(
    `Number(Array.from(document.querySelectorAll("[data-index]")).at(-1).dataset.index)`,
  );
  const before = await top(index);
  await page.turnWheel(100, await middle(page));
  await rest(page);
  return Math.round((before - await top(index)) * 10) / 10;
}

/** The middle of the box. */
function middle(page: BrowserPage): Promise<{ x: number; y: number }> {
  return page.evaluate(`(() => {
    const { left, top, width, height } = ${BOX}.getBoundingClientRect();
    return { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
  })()`);
}

/** Wait until nothing moves. */
async function rest(page: BrowserPage): Promise<void> {
  await page.evaluate(`new Promise((done) => setTimeout(done, 400))`);
}
