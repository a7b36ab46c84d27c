/**
 * Make one harmless line of a text that came from elsewhere: no colour codes, cursor movements, line breaks or
 * invisible marks that reverse the reading direction.
 *
 * @param text Any text
 * @returns One line
 */
export function cleanText(text: string): string {
  return text
    // deno-lint-ignore no-control-regex -- terminal sequences begin with a control character
    .replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.?)/g, "")
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, "");
}
