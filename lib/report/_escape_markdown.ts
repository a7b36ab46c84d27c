import { cleanText } from "../base/mod.ts";

/**
 * Escape text for a line or a table cell of Markdown, so that it does not break the table and is not rendered as
 * markup, a link or an image.
 */
export function escapeMarkdown(text: string): string {
  return cleanText(text).replaceAll(/\s+/g, " ")
    .replaceAll(/[\\|<>*`[\]]|(?<![a-z\d])_|_(?![a-z\d])|&(?=[#a-z])/gi, (char) => `\\${char}`);
}
