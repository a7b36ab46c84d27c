import { isNode, isSeq, LineCounter, parseDocument } from "yaml";
import type { YamlPath } from "./read_yaml.ts";

/** An item of a list. */
export interface YamlItem {
  /** Index that it gets. */
  readonly at: number;
  /** Its lines, such as `- name: x` and `  size: 1`. */
  readonly lines: readonly string[];
}

/**
 * Put an item into a list of a YAML document. Everything else stays as it is, including comments, quotes and blank lines.
 *
 * @param source The YAML, without mistakes
 * @param path Where the list is; it has at least one item
 * @param item The item
 * @returns The edited YAML, with the same line ends
 * @throws {SyntaxError} If there is no such list, or it is written in brackets
 */
export function insertYamlItem(source: string, path: YamlPath, { at, lines }: YamlItem): string {
  const list = parseDocument(source, { lineCounter: new LineCounter() }).getIn(path, true);
  if (!isSeq(list) || list.flow === true || !list.items.every(isNode) || list.items.length === 0) {
    throw new SyntaxError(`Cannot edit "${path.join(".")}": it is not a list with a line for each item`);
  }
  const newline = source.includes("\r\n") ? "\r\n" : "\n";
  const [first] = list.items;
  const dash = source.lastIndexOf("-", first!.range![0] - 1);
  const lineStart = source.lastIndexOf("\n", dash) + 1;
  const column = " ".repeat(dash - lineStart);
  const text = lines.map((line) => `${line === "" ? "" : column}${line}${newline}`).join("");
  const place = at === 0 ? lineStart : endOfLine(source, list.items[Math.min(at, list.items.length) - 1]!.range![1]);
  const before = source.slice(0, place);
  const gap = before === "" || before.endsWith("\n") ? "" : newline;
  return `${before}${gap}${text}${source.slice(place)}`;
}

/** The position after the line that a value ends in; a block of text ends with its line break. */
function endOfLine(source: string, position: number): number {
  if (source[position - 1] === "\n") return position;
  const end = source.indexOf("\n", position);
  return end < 0 ? source.length : end + 1;
}
