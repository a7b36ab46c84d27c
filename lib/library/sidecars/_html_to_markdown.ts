import { MarkdownWriter } from "./_markdown_writer.ts";
import { readHtml } from "../html/read_html.ts";
import { safeLink } from "../html/safe_link.ts";

const CUT = "… truncated: see the page for the rest.";

/** Elements that begin and end a paragraph. */
const BLOCKS: ReadonlySet<string> = new Set([
  ...["p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "figure", "figcaption", "center"],
  ...["address", "dl", "dt", "dd", "details", "summary", "fieldset", "form", "caption"],
]);
const STYLES: ReadonlyMap<string, "bold" | "italic" | "strike" | "code"> = new Map([
  ...["strong", "b"].map((name) => [name, "bold"] as const),
  ...["em", "i"].map((name) => [name, "italic"] as const),
  ...["del", "s", "strike"].map((name) => [name, "strike"] as const),
  ...["code", "kbd", "samp", "tt"].map((name) => [name, "code"] as const),
]);
/** Elements whose media a page loads automatically, which reveals the reader to the server. They become links. */
const MEDIA: ReadonlySet<string> = new Set(["img", "video", "audio", "source", "iframe", "embed"]);

/**
 * Convert a creator's HTML into Markdown that runs and loads nothing: text stays text, links lead only to web pages or
 * mail, and media become links. Takes linear time for any nesting. Text that is too long is truncated.
 */
export async function htmlToMarkdown(html: string): Promise<string> {
  const writer = new MarkdownWriter();
  const isWhole = await readHtml(html, {
    text: (text) => writer.text(text),
    open: (name, attributes) => openElement(writer, name, attributes),
    close: (name) => closeElement(writer, name),
  });
  const markdown = writer.end();
  return isWhole ? markdown : `${markdown}\n\n${CUT}`.trim();
}

function openElement(writer: MarkdownWriter, name: string, attributes: ReadonlyMap<string, string>): void {
  const style = STYLES.get(name);
  if (style !== undefined) return writer.begin(style);
  if (BLOCKS.has(name)) return writer.breakBlock();
  if (/^h[1-6]$/.test(name)) return writer.beginHeading(Number(name[1]));
  if (MEDIA.has(name)) return writeMedia(writer, name, attributes);
  switch (name) {
    case "a":
      return writer.beginLink(safeLink(attributes.get("href")));
    case "br":
      return writer.breakLine();
    case "hr":
      return writer.rule();
    case "pre":
      return writer.beginPre();
    case "blockquote":
      return writer.beginQuote();
    case "ul":
    case "ol":
      return writer.beginList({ ordered: name === "ol" });
    case "li":
      return writer.beginItem();
    case "table":
      return writer.endTable();
    case "tr":
      return writer.beginRow();
    case "td":
    case "th":
      return writer.beginCell();
  }
}

function closeElement(writer: MarkdownWriter, name: string): void {
  const style = STYLES.get(name);
  if (style !== undefined) return writer.finish(style);
  if (BLOCKS.has(name)) return writer.breakBlock();
  if (/^h[1-6]$/.test(name)) return writer.endHeading();
  switch (name) {
    case "a":
      return writer.endLink();
    case "pre":
      return writer.endPre();
    case "blockquote":
      return writer.endQuote();
    case "ul":
    case "ol":
      return writer.endList();
    case "li":
      return writer.endItem();
    case "tr":
      return writer.endRow();
    case "table":
      return writer.endTable();
    case "td":
    case "th":
      return writer.endCell();
  }
}

/** What stands in place of a medium without a text, by its tag. */
const MEDIA_WORDS: Readonly<Record<string, string>> = { img: "image", source: "media", iframe: "page" };

function writeMedia(writer: MarkdownWriter, name: string, attributes: ReadonlyMap<string, string>): void {
  const what = MEDIA_WORDS[name] ?? name;
  const alt = attributes.get("alt")?.trim() ?? "";
  const source = attributes.get("src");
  // If a player has no address, its `<source>` child has it.
  if (source === undefined && alt === "") return;
  writer.link(alt === "" ? what : `${what}: ${alt}`, safeLink(source));
}
