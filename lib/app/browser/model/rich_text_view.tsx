import { h, type VNode } from "preact";
import type { RichElement, RichText } from "../../../library/mod.ts";

/** Shows text of a creator. The server allows a few elements only; text stays text, whatever it looks like. */
export function RichTextView({ text }: { readonly text: RichText }): VNode {
  return <div class="rich">{text.map(nodeOf)}</div>;
}

function nodeOf(part: string | RichElement): string | VNode {
  if (typeof part === "string") return part;
  const { tag, href, children } = part;
  if (tag === "br" || tag === "hr") return h(tag, null);
  const inner = children.map(nodeOf);
  if (tag !== "a") return h(tag, null, inner);
  if (href === undefined || !isWebAddress(href)) return h("span", null, inner);
  return <a href={href} target="_blank" rel="noreferrer noopener">{inner}</a>;
}

/** Whether an address leads to a page, and runs nothing. */
export function isWebAddress(address: string): boolean {
  return /^https?:\/\//i.test(address);
}
