import type { BrowserPage, PagePoint } from "./browser_page.ts";

/** Where a person looks, as a selector; by default the whole page. */
export interface Look {
  readonly within?: string;
}

/** Number of the key that selects everything. */
const KEY_A = 65;
const KEY_V = 86;

/**
 * Names of what can be pressed, as a screen reader says them: `aria-label`, or what is written on it. What is hidden, or
 * covered by something else, cannot be pressed.
 */
const FIND = `(wanted, within) => {
  const nameOf = (node) => (node.ariaLabel ?? node.innerText).trim().replaceAll(/\\s+/g, " ");
  const matches = (name) => typeof wanted === "string" ? name === wanted : wanted.test(name);
  const places = within === undefined ? [document] : Array.from(document.querySelectorAll(within));
  const all = places.flatMap((place) =>
    Array.from(place.querySelectorAll("a, button, summary, label, input, select, textarea")));
  return all.find((node) => matches(nameOf(node)) && !node.disabled && node.getClientRects().length > 0) ?? null;
}`;

/** The middle of an element on the screen; `null` if there is none, or something else is in front of it. */
const POINT = `(node) => {
  if (node === null || node === undefined) return null;
  node.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, top, width, height } = node.getClientRects()[0];
  const point = { x: left + width / 2, y: top + height / 2 };
  const front = document.elementFromPoint(point.x, point.y);
  return front !== null && (node.contains(front) || front.closest("label")?.control === node) ? point : null;
}`;

/** Uses a page as a person does: by what is written on it, with mouse and keys. */
export class Person {
  readonly page: BrowserPage;

  constructor(page: BrowserPage) {
    this.page = page;
  }

  /** Click on what has a name: a button, a link, a check box. */
  async click(name: string | RegExp, { within }: Look = {}): Promise<void> {
    await this.#clickOn(`(${FIND})(${sourceOf(name)}, ${JSON.stringify(within)})`, `${name}`);
  }

  /** Click on the first element of a selector. */
  async clickOn(selector: string): Promise<void> {
    await this.#clickOn(`document.querySelector(${JSON.stringify(selector)})`, selector);
  }

  /** Whether there is something to press with a name. */
  async canPress(name: string | RegExp, { within }: Look = {}): Promise<boolean> {
    return await this.page.evaluate(`(${FIND})(${sourceOf(name)}, ${JSON.stringify(within)}) !== null`);
  }

  /** Go to a view by its link. */
  async goTo(view: string): Promise<void> {
    await this.click(new RegExp(`^${view}\\b`), { within: "nav.views" });
  }

  /** Click into a field and type in place of what it has. */
  async write(selector: string, text: string): Promise<void> {
    await this.clickOn(selector);
    await this.page.press("a", { code: KEY_A, isWithControl: true, command: "selectAll" });
    if (text === "") await this.page.press("Delete", { code: 46, command: "deleteBackward" });
    else await this.page.type(text);
  }

  /** Paste what is in the clipboard, in place of what a field has. */
  async paste(selector: string): Promise<void> {
    await this.clickOn(selector);
    await this.page.press("a", { code: KEY_A, isWithControl: true, command: "selectAll" });
    await this.page.press("v", { code: KEY_V, isWithControl: true, command: "paste" });
  }

  /** Choose an option of a list by its text, with the arrow keys. */
  async choose(selector: string, option: string): Promise<void> {
    const list = `document.querySelector(${JSON.stringify(selector)})`;
    await this.page.waitFor(`${list} !== null`);
    await this.page.evaluate(`${list}.focus()`);
    const steps = await this.page.evaluate<number>(
      `Array.from(${list}.options, ({ text }) => text).indexOf(${JSON.stringify(option)}) - ${list}.selectedIndex`,
    );
    const [key, code] = steps < 0 ? ["ArrowUp", 38] as const : ["ArrowDown", 40] as const;
    for (let step = 0; step < Math.abs(steps); step++) await this.page.press(key, { code });
    await this.page.waitFor(`${list}.selectedOptions[0].text === ${JSON.stringify(option)}`);
  }

  /** Drop a file of the disk on an element. */
  async drop(path: string, selector: string): Promise<void> {
    await this.page.dropFile(
      path,
      await this.#pointOf(`document.querySelector(${JSON.stringify(selector)})`, selector),
    );
  }

  /** Wait until a text is to be read, by default anywhere in the view. */
  async sees(text: string | RegExp, within = "main"): Promise<void> {
    const shown = `(document.querySelector(${JSON.stringify(within)})?.innerText ?? "")`;
    const isThere = typeof text === "string" ? `${shown}.includes(${JSON.stringify(text)})` : `${text}.test(${shown})`;
    try {
      await this.page.waitFor(isThere);
    } catch (error) {
      throw new Error(`${text} is not in ${within}: ${await this.page.evaluate(shown)}`, { cause: error });
    }
  }

  async #clickOn(node: string, name: string): Promise<void> {
    await this.page.click(await this.#pointOf(node, name));
  }

  async #pointOf(node: string, name: string): Promise<PagePoint> {
    const point = `(${POINT})(${node})`;
    try {
      await this.page.waitFor(`${point} !== null`);
    } catch {
      throw new Error(`Cannot reach ${name} on the page: ${await this.page.text("body")}`);
    }
    return await this.page.evaluate<PagePoint>(point);
  }
}

function sourceOf(text: string | RegExp): string {
  return typeof text === "string" ? JSON.stringify(text) : `${text}`;
}
