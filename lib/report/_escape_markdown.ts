import { cleanText } from "../base/mod.ts";

/** Escape a text for a line or a table cell of Markdown: it breaks no table and becomes no markup, link or picture. */
export function escapeMarkdown(text: string): string {
  return cleanText(text).replaceAll(/\s+/g, " ")
    .replaceAll(/[\\|<>*`[\]]|(?<![a-z\d])_|_(?![a-z\d])|&(?=[#a-z])/gi, (char) => `\\${char}`);
}
