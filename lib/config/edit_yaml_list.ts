import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** Texts to put into a list. */
export interface YamlListEntry {
  /** The new text. */
  readonly text: string;
  /** Whether an existing entry is to be replaced by it; if there is none, it is added at the end. */
  readonly replaces: (existing: string) => boolean;
}

/**
 * Put texts into a list of a YAML mapping. Everything else stays as it is, including comments, quotes and blank lines.
 *
 * @param source The YAML, without mistakes; may be empty
 * @param key A key of the top level; added at the end if it is missing
 * @throws {SyntaxError} If the key has another value than a list or a text
 */
export function editYamlList(source: string, key: string, entries: readonly YamlListEntry[]): string {
  const document = parseDocument(source, { lineCounter: new LineCounter() });
  const map = document.contents;
  const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  if (pair === undefined) return append(source, key, entries.map(({ text }) => text));
  const { value } = pair;
  if (isSeq(value) && !value.flow && value.items.every((item) => isScalar(item))) {
    return editBlock(source, value.items, entries);
  }
  const isEmpty = value === null || (isScalar(value) && value.value === null);
  const items = isSeq(value) ? value.items : [value];
  const known = isEmpty ? [] : items.map((item) => isScalar(item) ? item.value : null);
  if (!known.every((item) => typeof item === "string")) {
    throw new SyntaxError(`Cannot edit "${key}": it is not a list of texts`);
  }
  const texts = [...known as readonly string[]];
  for (const { text, replaces } of entries) {
    const index = texts.findIndex(replaces);
    if (index === -1) texts.push(text);
    else texts[index] = text;
  }
  const flow = `[${texts.map(quote).join(", ")}]`;
  const range = isScalar(value) || isSeq(value) ? value.range : undefined;
  const start = range?.[0] ?? source.length;
  const end = isEmpty ? start : range![1];
  const gap = /\s$/.test(source.slice(0, start)) ? "" : " ";
  return `${source.slice(0, start)}${gap}${flow}${source.slice(end)}`;
}

/** Replace single items of a block list, and add the others below its last item. */
function editBlock(source: string, items: readonly unknown[], entries: readonly YamlListEntry[]): string {
  const scalars = items.filter((item) => isScalar(item));
  const added: string[] = [];
  const changes: { start: number; end: number; text: string }[] = [];
  for (const { text, replaces } of entries) {
    const found = scalars.find(({ value }) => typeof value === "string" && replaces(value));
    if (found === undefined) added.push(text);
    else changes.push({ start: found.range![0], end: found.range![1], text: quote(text) });
  }
  const last = scalars.at(-1)!.range![0];
  const lineStart = source.lastIndexOf("\n", last) + 1;
  const indent = /^\s*/.exec(source.slice(lineStart))![0];
  const lineEnd = source.indexOf("\n", last);
  const place = lineEnd === -1 ? source.length : lineEnd;
  const block = added.map((text) => `\n${indent}- ${quote(text)}`).join("");
  changes.push({ start: place, end: place, text: block });
  return changes.toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: part }) => text.slice(0, start) + part + text.slice(end), source);
}

function append(source: string, key: string, texts: readonly string[]): string {
  const gap = source === "" || source.endsWith("\n") ? "" : "\n";
  return `${source}${gap}${key}:\n${texts.map((text) => `  - ${quote(text)}\n`).join("")}`;
}

/** JSON's strings are YAML's double-quoted ones; plain words need no quotes. */
function quote(text: string): string {
  return /^[a-z\d][a-z\d._-]*( [a-z\d._-]+)*$/i.test(text) ? text : JSON.stringify(text);
}
