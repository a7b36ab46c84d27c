import { cleanLines } from "../../base/mod.ts";
import { escapeLineStart, escapeMarkdown, markdownCode } from "./_escape_markdown.ts";

/** Style of a piece of text. */
type Style = "bold" | "italic" | "strike" | "code";

/** Text with one set of styles and one link. */
interface Span {
  readonly parts: string[];
  readonly styles: string;
  readonly link: Link | null;
}

/** An open link; all spans of one link share the same object. */
interface Link {
  readonly href: string;
}

/** A block that indents its lines. */
interface Container {
  readonly kind: "quote" | "item";
  /** Prefix of its first line. */
  readonly marker: string;
  /** Whether its first line was written. */
  isMarked: boolean;
}

interface List {
  readonly ordered: boolean;
  /** Number of containers around the list. */
  readonly depth: number;
  next: number;
}

/** Deeper nesting is written at this depth, since each level takes space in every line. */
const MAX_DEPTH = 12;
const MARKS: Readonly<Record<Exclude<Style, "code">, string>> = { bold: "**", italic: "*", strike: "~~" };

/** Writes Markdown as elements arrive. Each element takes constant time, apart from the text in it. */
export class MarkdownWriter {
  readonly #lines: string[] = [];
  readonly #styles: Record<Style, number> = { bold: 0, italic: 0, strike: 0, code: 0 };
  readonly #containers: Container[] = [];
  readonly #lists: List[] = [];
  #spans: Span[] = [];
  #link: Link | null = null;
  #heading = 0;
  #pre: string[] | null = null;
  #row: string[] | null = null;
  #cell: string[] | null = null;
  #hasTableHead = false;
  /** Open quotes and lists beyond the maximum depth, which are not written. */
  #deeperQuotes = 0;
  #deeperLists = 0;
  /** Kind of the last block: `item` is part of a list, `row` is part of a table. */
  #last: "none" | "block" | "item" | "row" = "none";

  /** Add text as HTML treats it: each run of white space is one space. */
  text(text: string): void {
    if (this.#pre !== null) this.#pre.push(text);
    else this.#push(text.replace(/[\s\u00a0]+/g, " "));
  }

  begin(style: Style): void {
    this.#styles[style]++;
  }

  finish(style: Style): void {
    this.#styles[style] = Math.max(0, this.#styles[style] - 1);
  }

  /** Begin a link; without an address, its text joins the text around it. */
  beginLink(href: string | null): void {
    this.#link = href === null ? null : { href };
  }

  endLink(): void {
    this.#link = null;
  }

  /** Write a complete link. Inside another link, write only its label, because links cannot be nested. */
  link(label: string, href: string | null): void {
    const outer = this.#link;
    if (outer !== null) return this.#push(label.replace(/\s+/g, " "));
    this.beginLink(href);
    this.#push(` `);
    this.#push(label.replace(/\s+/g, " "));
    this.#link = outer;
    this.#push(` `);
  }

  breakLine(): void {
    if (this.#pre !== null) this.#pre.push("\n");
    else this.#push("\n");
  }

  breakBlock(): void {
    if (this.#pre !== null) return void this.#pre.push("\n");
    this.#flush();
  }

  beginHeading(level: number): void {
    this.#flush();
    this.#heading = level;
  }

  endHeading(): void {
    this.#flush();
    this.#heading = 0;
  }

  beginPre(): void {
    this.#flush();
    this.#pre ??= [];
  }

  endPre(): void {
    if (this.#pre === null) return;
    const lines = cleanLines(this.#pre.join("")).replace(/^\n+|\n+$/g, "").split("\n");
    this.#pre = null;
    if (lines.every((line) => line.trim() === "")) return;
    if (this.#cell !== null) return void this.#cell.push(markdownCode(lines.join(" ")));
    let longest = 2;
    for (const line of lines) for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length);
    const fence = "`".repeat(longest + 1);
    this.#write([fence, ...lines, fence]);
  }

  rule(): void {
    this.#flush();
    if (this.#cell === null) this.#write(["---"]);
  }

  beginQuote(): void {
    this.#flush();
    if (this.#containers.length >= MAX_DEPTH) this.#deeperQuotes++;
    else this.#containers.push({ kind: "quote", marker: "> ", isMarked: false });
  }

  endQuote(): void {
    this.#flush();
    if (this.#deeperQuotes > 0) return void this.#deeperQuotes--;
    const index = this.#containers.findLastIndex(({ kind }) => kind === "quote");
    if (index === -1) return;
    this.#containers.length = index;
    while ((this.#lists.at(-1)?.depth ?? 0) > index) this.#lists.pop();
  }

  beginList({ ordered }: { readonly ordered: boolean }): void {
    this.#flush();
    const depth = this.#containers.length;
    if (this.#lists.length >= MAX_DEPTH || depth >= MAX_DEPTH) this.#deeperLists++;
    else this.#lists.push({ ordered, depth, next: 1 });
  }

  endList(): void {
    this.#flush();
    if (this.#deeperLists > 0) return void this.#deeperLists--;
    const list = this.#lists.pop();
    if (list !== undefined) this.#containers.length = Math.min(this.#containers.length, list.depth);
  }

  beginItem(): void {
    this.#flush();
    if (this.#lists.length === 0) this.beginList({ ordered: false });
    const list = this.#lists.at(-1);
    // Quotes can already use the maximum depth.
    if (list === undefined) return;
    this.#containers.length = Math.min(this.#containers.length, list.depth);
    this.#containers.push({ kind: "item", marker: list.ordered ? `${list.next++}. ` : "* ", isMarked: false });
  }

  endItem(): void {
    this.#flush();
    const list = this.#lists.at(-1);
    if (list !== undefined && this.#deeperLists === 0) {
      this.#containers.length = Math.min(this.#containers.length, list.depth);
    }
  }

  beginRow(): void {
    this.endRow();
    this.#flush();
    this.#row = [];
  }

  beginCell(): void {
    this.endCell();
    if (this.#row === null) this.#flush();
    this.#row ??= [];
    this.#cell = [];
  }

  endCell(): void {
    if (this.#cell === null) return;
    this.#flush();
    this.#row?.push(this.#cell.join(" "));
    this.#cell = null;
  }

  endRow(): void {
    this.endCell();
    const cells = this.#row;
    this.#row = null;
    if (cells === null || cells.every((cell) => cell === "")) return;
    this.#write([`| ${cells.join(" | ")} |`], "row");
    if (!this.#hasTableHead) this.#write([`|${" --- |".repeat(cells.length)}`], "row");
    this.#hasTableHead = true;
  }

  endTable(): void {
    this.endRow();
    this.#flush();
    this.#hasTableHead = false;
    if (this.#last === "row") this.#last = "block";
  }

  /** Close everything that is open, and return the Markdown. */
  end(): string {
    this.endPre();
    this.endRow();
    this.#flush();
    return this.#lines.join("\n");
  }

  #push(text: string): void {
    const { bold, italic, strike, code } = this.#styles;
    const styles = code > 0
      ? "code"
      : [bold > 0 ? "bold" : "", italic > 0 ? "italic" : "", strike > 0 ? "strike" : ""].join(" ").trim();
    const last = this.#spans.at(-1);
    if (last?.styles === styles && last.link === this.#link) last.parts.push(text);
    else this.#spans.push({ parts: [text], styles, link: this.#link });
  }

  /** End the current paragraph. */
  #flush(): void {
    const spans = this.#spans;
    if (spans.length === 0) return;
    this.#spans = [];
    const lines = renderSpans(spans).split("\n").map((line) => line.replace(/ {2,}/g, " ").trim());
    const shown = lines.filter((line) => line !== "");
    if (shown.length === 0) return;
    if (this.#cell !== null) return void this.#cell.push(shown.join(" "));
    if (this.#heading > 0) return this.#write([`${"#".repeat(this.#heading)} ${shown.join(" ")}`]);
    this.#write(shown.map((line, index) => `${escapeLineStart(line)}${index === shown.length - 1 ? "" : "  "}`));
  }

  /** Write lines inside all open containers, after a blank line where Markdown needs one. */
  #write(lines: readonly string[], kind: "block" | "row" = "block"): void {
    const begins = this.#containers.some((one) => one.kind === "item" && !one.isMarked);
    const isTight = (kind === "row" && this.#last === "row") || (begins && this.#last === "item");
    if (this.#last !== "none" && !isTight) this.#lines.push(blankLine(this.#containers));
    const first = this.#containers.map((one) => one.isMarked ? continuing(one) : one.marker).join("");
    for (const one of this.#containers) one.isMarked = true;
    const rest = this.#containers.map(continuing).join("");
    for (const [index, line] of lines.entries()) this.#lines.push(`${index === 0 ? first : rest}${line}`);
    const isInItem = this.#containers.some((one) => one.kind === "item");
    const block = isInItem ? "item" : "block";
    this.#last = kind === "row" ? "row" : block;
  }
}

/** Prefix of further lines in a container. */
function continuing({ kind, marker }: Container): string {
  return kind === "quote" ? marker : " ".repeat(marker.length);
}

/** Prefix that keeps a blank line inside the quotes that have begun. */
function blankLine(containers: readonly Container[]): string {
  const inner = containers.findLastIndex((one) => one.kind === "quote" && one.isMarked);
  return containers.slice(0, inner + 1).map(continuing).join("").trimEnd();
}

function renderSpans(spans: readonly Span[]): string {
  const parts: string[] = [];
  for (let start = 0; start < spans.length;) {
    const { link } = spans[start]!;
    let end = start + 1;
    if (link !== null) { while (end < spans.length && spans[end]!.link === link) end++; }
    const rendered = spans.slice(start, end).map(renderSpan).join("");
    parts.push(link !== null ? renderLink(rendered, link.href) : rendered);
    start = end;
  }
  return parts.join("");
}

function renderLink(label: string, href: string): string {
  const line = label.replace(/\s+/g, " ");
  const inner = line.trim();
  if (inner === "") return line === "" ? "" : " ";
  const before = line.startsWith(" ") ? " " : "";
  const after = line.endsWith(" ") ? " " : "";
  return `${before}[${inner}](${href})${after}`;
}

/** Marks must touch the words that they format, so white space goes outside, and no mark spans lines. */
function renderSpan({ parts, styles }: Span): string {
  const text = parts.join("");
  if (styles === "code") return text.trim() === "" ? " " : around(text, (inner) => markdownCode(inner));
  const marks = styles === "" ? "" : styles.split(/ +/).map((style) => MARKS[style as keyof typeof MARKS]).join("");
  const end = [...marks].reverse().join("");
  return text.split("\n")
    .map((line) => around(line, (inner) => inner === "" ? "" : `${marks}${escapeMarkdown(inner)}${end}`)).join("\n");
}

function around(line: string, render: (inner: string) => string): string {
  const inner = line.trim();
  if (inner === "") return line === "" ? "" : " ";
  return `${/^\s/.test(line) ? " " : ""}${render(inner)}${/\s$/.test(line) ? " " : ""}`;
}
