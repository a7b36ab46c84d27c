import { cleanLines } from "../../base/mod.ts";
import { readHtml } from "./read_html.ts";
import { safeLink } from "./safe_link.ts";

/** Elements that a {@linkcode RichText} may have. */
export type RichTag =
  | "p"
  | "br"
  | "h3"
  | "ul"
  | "ol"
  | "li"
  | "b"
  | "i"
  | "code"
  | "pre"
  | "a"
  | "hr"
  | "blockquote";

/** An element of a {@linkcode RichText}. */
export interface RichElement {
  /** Name of the element. */
  readonly tag: RichTag;
  /** Address of a link, http or https. */
  readonly href?: string;
  /** What is in it. */
  readonly children: RichText;
}

/** Text of a creator: strings and elements of an allow-list, of bounded size and depth. */
export type RichText = readonly (string | RichElement)[];

/** Elements by the names that HTML has for them; all others are left out, and what is in them stays. */
const TAGS: ReadonlyMap<string, RichTag> = new Map([
  ...["p", "div", "section", "article", "header", "footer", "figure", "figcaption", "center", "dl", "dt", "dd", "tr"]
    .map((name) => [name, "p"] as const),
  ...["h1", "h2", "h3", "h4", "h5", "h6", "summary", "caption"].map((name) => [name, "h3"] as const),
  ...["b", "strong", "th"].map((name) => [name, "b"] as const),
  ...["i", "em", "cite"].map((name) => [name, "i"] as const),
  ...["code", "kbd", "samp", "tt"].map((name) => [name, "code"] as const),
  ...["ul", "ol", "li", "pre", "a", "blockquote"].map((name) => [name, name as RichTag] as const),
]);
const BLOCKS: ReadonlySet<RichTag> = new Set(["p", "h3", "ul", "ol", "li", "pre", "hr", "blockquote"]);
/** Blocks that have other blocks in them. */
const CONTAINERS: ReadonlySet<RichTag> = new Set(["ul", "ol", "li", "blockquote"]);
/** Elements that a page loads by itself, which reveals the reader to a server. They become links. */
const MEDIA: ReadonlySet<string> = new Set(["img", "video", "audio", "iframe", "embed"]);

const MAX_DEPTH = 16;
/** Elements and texts; the longest descriptions have some hundred. */
const MAX_NODES = 5000;
const MAX_CHARS = 200_000;

/**
 * Turn a creator's HTML into a tree that cannot run or load anything, whatever the HTML is: only elements of a list, and
 * links to web pages. Takes linear time for any nesting.
 *
 * @param html The HTML; `null` if there is none
 * @returns The text
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRichText } from "@civitai-dl/civitai-dl/library";
 *
 * assertEquals(await parseRichText("<b onclick='x()'>Hi</b><script>y()</script>"), [{ tag: "b", children: ["Hi"] }]);
 * ```
 */
export async function parseRichText(html: string | null): Promise<RichText> {
  if (html === null || html.trim() === "") return [];
  const builder = new TreeBuilder();
  const isWhole = await readHtml(html, {
    text: (text) => builder.text(text),
    open: (name, attributes) => openElement(builder, name, attributes),
    close(name) {
      const tag = TAGS.get(name);
      if (tag !== undefined) builder.close(tag);
      if (name === "td" || name === "th") builder.text(" ");
    },
  });
  return builder.end({ isWhole });
}

function openElement(builder: TreeBuilder, name: string, attributes: ReadonlyMap<string, string>): void {
  if (name === "br" || name === "hr") return builder.add(name);
  if (MEDIA.has(name)) {
    const href = webLink(attributes.get("src"));
    const alt = attributes.get("alt")?.trim() ?? "";
    if (href === null && alt === "") return;
    const isInLink = builder.isIn("a");
    if (!isInLink) builder.open("a", href);
    builder.text(alt === "" ? href! : alt);
    if (!isInLink) builder.close("a");
    return;
  }
  const tag = TAGS.get(name);
  if (tag !== undefined) builder.open(tag, tag === "a" ? webLink(attributes.get("href")) : null);
}

/** The address of a link to a web page; `null` for any other. */
function webLink(address: string | undefined): string | null {
  const link = safeLink(address);
  return link !== null && /^https?:/.test(link) ? link : null;
}

interface OpenElement {
  /** `null` for the root. */
  readonly tag: RichTag | null;
  readonly href: string | null;
  readonly children: (string | RichElement)[];
}

/** Builds a tree from elements that may be left open, closed twice and nested as deeply as anybody likes. */
class TreeBuilder {
  readonly #stack: OpenElement[] = [{ tag: null, href: null, children: [] }];
  /** Open elements that are too deep to be built, by tag. */
  readonly #deeper = new Map<RichTag, number>();
  #nodes = 0;
  #chars = 0;
  #isFull = false;

  isIn(tag: RichTag): boolean {
    return this.#stack.some((element) => element.tag === tag);
  }

  text(text: string): void {
    const isPre = this.isIn("pre");
    const cleaned = isPre ? cleanLines(text) : cleanLines(text).replace(/[\s\u00a0]+/g, " ");
    if (cleaned === "" || !this.#hasRoom(cleaned.length)) return;
    const { children, tag } = this.#stack.at(-1)!;
    const last = children.at(-1);
    // White space between blocks is not shown.
    const isBetween = tag === "ul" || tag === "ol" || typeof last !== "string" && (tag === null || last === undefined);
    if (!isPre && cleaned === " " && isBetween) return;
    if (typeof last !== "string") children.push(cleaned);
    else children[children.length - 1] = isPre ? last + cleaned : joined(last, cleaned);
  }

  /** Add an element without content. */
  add(tag: "br" | "hr"): void {
    if (!this.#hasRoom(0)) return;
    if (tag === "hr") this.#endParagraph();
    this.#stack.at(-1)!.children.push({ tag, children: [] });
  }

  open(tag: RichTag, href: string | null = null): void {
    if (BLOCKS.has(tag)) this.#endParagraph();
    if (tag === "a") this.close("a");
    if (tag === "li") this.#beginItem();
    if (this.#stack.length > MAX_DEPTH || !this.#hasRoom(0)) {
      this.#deeper.set(tag, (this.#deeper.get(tag) ?? 0) + 1);
      return;
    }
    this.#stack.push({ tag, href, children: [] });
  }

  close(tag: RichTag): void {
    const deeper = this.#deeper.get(tag) ?? 0;
    if (deeper > 0) return void this.#deeper.set(tag, deeper - 1);
    const index = this.#stack.findLastIndex((element) => element.tag === tag);
    if (index === -1) return;
    // What is open around a list or a quotation is not closed from within.
    if (!CONTAINERS.has(tag) && this.#stack.findLastIndex(isContainer) > index) return;
    this.#closeTo(index);
  }

  end({ isWhole }: { readonly isWhole: boolean }): RichText {
    this.#closeTo(1);
    const { children } = this.#stack[0]!;
    return isWhole && !this.#isFull ? children : [...children, { tag: "p", children: ["…"] }];
  }

  #beginItem(): void {
    const list = this.#stack.findLastIndex(({ tag }) => tag === "ul" || tag === "ol");
    const item = this.#stack.findLastIndex(({ tag }) => tag === "li");
    if (item > list) this.#closeTo(item);
    if (list === -1) this.open("ul");
  }

  /** A block ends the paragraph or heading before it. */
  #endParagraph(): void {
    const index = this.#stack.findLastIndex(({ tag }) => tag === "p" || tag === "h3");
    if (index > this.#stack.findLastIndex(isContainer)) this.#closeTo(index);
  }

  #closeTo(length: number): void {
    while (this.#stack.length > length) {
      const { tag, href, children } = this.#stack.pop()!;
      const parent = this.#stack.at(-1)!.children;
      if (!children.some((child) => typeof child !== "string" || child.trim() !== "")) {
        // A word does not join the next one because what was between them had no text.
        if (children.length > 0 && typeof parent.at(-1) === "string") parent.push(" ");
        continue;
      }
      // A link that leads nowhere is the text in it.
      if (tag === "a" && href === null) parent.push(...children);
      else parent.push({ tag: tag!, ...href === null ? {} : { href }, children });
    }
  }

  #hasRoom(chars: number): boolean {
    this.#isFull ||= this.#nodes >= MAX_NODES || this.#chars + chars > MAX_CHARS;
    if (this.#isFull) return false;
    this.#nodes++;
    this.#chars += chars;
    return true;
  }
}

function isContainer({ tag }: OpenElement): boolean {
  return tag !== null && CONTAINERS.has(tag);
}

/** Join two texts; white space at their ends is one space. */
function joined(first: string, second: string): string {
  return first.endsWith(" ") && second.startsWith(" ") ? first + second.slice(1) : first + second;
}
