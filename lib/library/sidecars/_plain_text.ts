import { cleanLines } from "../../base/mod.ts";
import { readHtml } from "../html/read_html.ts";

const BLOCK = /^(?:p|div|li|h[1-6]|tr|blockquote|pre)$/;

/** Extract the text of a piece of HTML, one line for each block. */
export async function plainText(html: string): Promise<string> {
  const parts: string[] = [];
  await readHtml(html, {
    text: (text) => parts.push(text),
    open: (name) => name === "br" && parts.push("\n"),
    close: (name) => BLOCK.test(name) && parts.push("\n"),
  });
  const lines = cleanLines(parts.join("")).replace(/[ \t\u00a0]+/g, " ").split("\n").map((line) => line.trim());
  return lines.join("\n").replace(/\n{3,}/g, "\n\n").trim();
}
