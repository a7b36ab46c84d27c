/** What stands in the place of a secret. */
export const MASK = "[redacted]";

/** A part of a text: where it begins, and where it ends. */
export interface Span {
  /** Index of the first character. */
  readonly start: number;
  /** Index after the last character. */
  readonly end: number;
}

/** A value, and whether quotes enclose it. */
export interface SecretValue extends Span {
  readonly isQuoted: boolean;
}

const OPENING_QUOTE = /(\\*)(["'`])/y;
/** A character reference of JSON for `/` or a letter; a reference for `&`, `<`, `>` or a quote ends a value. */
const UNQUOTED = /(?:[^\s"'`<>\\]+|\\{1,15}(?:\/|u(?!0026|003[ce]|002[27])))*/y;
/** What follows a value in a list, an object or a sentence. */
const TRAILING = ",;.:)}]";
/** `&` ends a value only where another parameter follows, because a password may contain it. */
const NEXT_PARAMETER = /[&,;][\w.%-]+[=:]/;

/**
 * Find a value: the text between two quotes, or a word. Quotes may be escaped any number of times, as in JSON within a
 * string of JSON. The value never reaches over the end of the string that it is in, so a line of JSON stays valid.
 *
 * @param at Where the value or its opening quote begins
 * @returns The value without its quotes, possibly empty
 */
export function findValue(text: string, at: number): SecretValue {
  OPENING_QUOTE.lastIndex = at;
  const opening = OPENING_QUOTE.exec(text);
  if (opening === null) return { ...findWord(text, at), isQuoted: false };
  const [all, slashes, quote] = opening;
  const start = at + all.length;
  const end = quote === '"'
    ? endOfQuoted(text, { start, escapes: slashes!.length })
    : endOfLine(text, { start, stops: `"${quote}` });
  return { start, end, isQuoted: true };
}

/** Find the word at an index, without the punctuation after it. */
export function findWord(text: string, at: number): Span {
  UNQUOTED.lastIndex = at;
  const run = UNQUOTED.exec(text)![0];
  const word = run.slice(0, NEXT_PARAMETER.exec(run)?.index ?? run.length);
  let length = word.length;
  // The mask ends with a bracket.
  if (!word.endsWith(MASK)) { while (length > 0 && TRAILING.includes(word[length - 1]!)) length--; }
  return { start: at, end: at + length };
}

/**
 * Find the end of the rest of a line, of the string that it is in, or one of some characters, whichever comes first.
 *
 * @param options Where to begin, and the characters that end it too
 * @returns The index after the last character
 */
export function endOfLine(text: string, options: { readonly start: number; readonly stops: string }): number {
  const { start, stops } = options;
  for (let at = start; at < text.length; at++) {
    const char = text[at]!;
    if (char === "\n" || char === "\r" || stops.includes(char)) return at;
    // The end of a line or a quote within a string of JSON.
    if (char === "\\" && /[nr"'\\]/.test(text[at + 1] ?? "")) return at;
  }
  return text.length;
}

/** Find the closing quote, which has as many backslashes as the opening one, or that of a string around it. */
function endOfQuoted(text: string, options: { readonly start: number; readonly escapes: number }): number {
  const { start, escapes } = options;
  let slashes = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === "\n") return at;
    if (char === "\\") slashes++;
    else {
      if (char === '"') {
        // 0, 1, 3, 7 … backslashes end the outermost string and those within. Others before them belong to the value,
        // each written with twice as many.
        for (let level = 0; level <= escapes; level = 2 * level + 1) {
          if (slashes % (2 * (level + 1)) === level) return at - level;
        }
        if (slashes < escapes) return at - slashes;
      }
      slashes = 0;
    }
  }
  return text.length;
}
