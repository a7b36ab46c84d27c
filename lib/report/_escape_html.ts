import { cleanLines } from "../base/mod.ts";

const NAMES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * Escape a text for HTML, for use between tags and in quoted attributes: no markup, no terminal sequences, no invisible
 * characters.
 */
export function escapeHtml(text: string): string {
  return cleanLines(text).replaceAll(/[&<>"']/g, (character) => NAMES[character]!);
}
