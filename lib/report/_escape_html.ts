import { cleanLines } from "../base/mod.ts";

const NAMES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * Escape text for HTML, for use between tags and in quoted attributes. The result contains no markup, no terminal
 * sequences and no invisible characters.
 */
export function escapeHtml(text: string): string {
  return cleanLines(text).replaceAll(/[&<>"']/g, (character) => NAMES[character]!);
}
