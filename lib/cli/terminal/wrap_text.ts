import { textWidth } from "./text_width.ts";

/** A script that is written without spaces: a line may end between two of its characters. */
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。（）「」・ー！？：]`;
/** What must not begin a line, and what must not end one, by the rules of Japanese typesetting (JIS X 4051). */
const NO_START = "、。）」・ー！？：ぁぃぅぇぉっゃゅょァィゥェォッャュョ々";
const NO_END = "（「";
/** A place inside of a word where a line may end. */
const BREAK = String
  .raw`(?<=${UNSPACED})(?<![${NO_END}])(?=\S)(?![${NO_START}])|(?<=\S)(?<![${NO_END}\s])(?=${UNSPACED})(?![${NO_START}])`;

/**
 * Wrap a paragraph at spaces, and between characters of Japanese, which has none; a word wider than the width is not
 * split.
 *
 * @param text One paragraph; its line breaks count as spaces
 * @param width The maximum width in columns
 * @returns The lines, without line breaks
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const { gap, piece } of piecesOf(text.trim())) {
    if (line === "") line = piece;
    else if (textWidth(line) + gap.length + textWidth(piece) <= width) line += `${gap}${piece}`;
    else {
      lines.push(line);
      line = piece;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** Pieces that stay whole, each with what separates it from the one before: a space or nothing. */
function piecesOf(text: string): readonly { readonly gap: string; readonly piece: string }[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return words.flatMap((word) => splitWord(word).map((piece, index) => ({ gap: index === 0 ? " " : "", piece })));
}

/** The expression for `BREAK`; help in English does without it, and it takes a millisecond to compile. */
let breaks: RegExp | undefined;

function splitWord(word: string): readonly string[] {
  return /^[\x21-\x7e]*$/.test(word) ? [word] : word.split(breaks ??= new RegExp(BREAK, "u"));
}
