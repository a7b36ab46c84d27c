import { cleanLines } from "../base/mod.ts";

const NAMES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * Make a text fit for HTML, between tags and inside of quotes: no markup, no terminal sequences, no invisible
 * characters.
 */
export function escapeHtml(text: string): string {
  return cleanLines(text).replaceAll(/[&<>"']/g, (character) => NAMES[character]!);
}
