// deno-lint-ignore-file no-control-regex -- the expressions match control characters
/** A string for a terminal (OSC, DCS, SOS, PM, APC), in 7-bit or 8-bit form: introducer, text, terminator. */
const STRING_SEQUENCE = /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x08\x0a-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)/;
/** A control sequence (CSI), in 7-bit or 8-bit form: introducer, parameters, final character. */
const CONTROL_SEQUENCE = /(?:\x1b\[|\x9b)[0-?]*[ -\/]*[@-~]/;
/** ESC with what belongs to it. Of a string without a terminator, only this is removed: its text stays readable. */
const OTHER_SEQUENCE = /\x1b[ -\/]*[0-~]?/;
/**
 * Sequences that a terminal interprets. No part can match where another begins, so the regular expression examines each
 * character a bounded number of times.
 */
const TERMINAL_SEQUENCE = new RegExp(
  [STRING_SEQUENCE, CONTROL_SEQUENCE, OTHER_SEQUENCE].map(({ source }) => source).join("|"),
  "g",
);
/** Ranges of invisible characters: direction marks, overrides and isolates, zero-width characters, tags. */
const INVISIBLE_RANGES = String
  .raw`\u00AD\u061C\u180E\u200B\u200C\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\u{E0000}-\u{E007F}`;
const INVISIBLE = new RegExp(`[${INVISIBLE_RANGES}]`, "gu");
/** Zero-width joiners outside of emoji. A joiner is kept only between two pictographs that it joins into one emoji. */
const LOOSE_JOINER =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D|\u200D(?!\p{Extended_Pictographic})/gu;
/** Control characters, line separators, and code points that XML does not allow. */
const CONTROLS = /[\p{Cc}\u2028\u2029\uFFFE\uFFFF]+/gu;
/** Same as CONTROLS, except for tab and line feed. */
const CONTROLS_IN_LINES = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\uFFFE\uFFFF]+/g;
const HARMLESS = /^[\x20-\x7e\n\t]*$/;

/**
 * Convert text from an untrusted source to one harmless line: without terminal sequences, without line breaks and other
 * control characters, without invisible characters, and without unpaired surrogates.
 *
 * Takes linear time.
 *
 * @param text Any text
 * @returns One line of well-formed Unicode, trimmed
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cleanText } from "@civitai-dl/civitai-dl";
 * assertEquals(cleanText("a\x1b[31m red\x1b[0m\r\nname"), "a red name");
 * ```
 */
export function cleanText(text: string): string {
  if (HARMLESS.test(text)) return text.replace(/[\n\t]+/g, " ").trim();
  return removeInvisible(text.replace(TERMINAL_SEQUENCE, "").replace(CONTROLS, " ")).trim();
}

/**
 * {@linkcode cleanText} for text of several lines: line feeds and tabs stay, a carriage return becomes a line feed.
 *
 * @returns Lines of well-formed Unicode
 */
export function cleanLines(text: string): string {
  if (HARMLESS.test(text)) return text;
  const lines = text.replace(TERMINAL_SEQUENCE, "").replace(/\r\n?/g, "\n");
  return removeInvisible(lines.replace(CONTROLS_IN_LINES, " "));
}

/**
 * Remove invisible characters: direction marks, zero-width characters, tags. An emoji that consists of several joined
 * ones is kept whole.
 *
 * @returns Well-formed Unicode
 */
export function removeInvisible(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, "").replace(LOOSE_JOINER, "");
}

/** What `JSON.stringify` does not escape: DEL and the controls above it, line separators, invisible characters. */
const ACTIVE_IN_JSON = new RegExp(String.raw`[\x7f-\x9f\u2028\u2029${INVISIBLE_RANGES}]`, "gu");

/**
 * Make JSON safe to print: escape the control characters and the invisible characters that `JSON.stringify` leaves as
 * they are, for example as `\u009b`. The value stays the same.
 *
 * @param json Output of `JSON.stringify`
 * @returns JSON of the same value
 */
export function escapeJsonControls(json: string): string {
  return json.replace(ACTIVE_IN_JSON, (char) => {
    const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}

/**
 * Shorten text that is too long, and mark the cut with `…`.
 *
 * @param maxLength Maximum length in UTF-16 code units, including the mark
 * @returns The text, or its beginning; never splits a surrogate pair
 */
export function truncateText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const head = text.slice(0, Math.max(0, maxLength - 1));
  return `${head.isWellFormed() ? head : head.slice(0, -1)}…`;
}
