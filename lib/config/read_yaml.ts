import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type YAMLError,
} from "yaml";
import type { ConfigMistake } from "./config_error.ts";
import { MAX_CONFIG_BYTES } from "./read_config_text.ts";

/** Path to a value: keys and indexes. */
export type YamlPath = readonly (string | number)[];

/** A position in a file. */
export interface YamlPlace {
  /** Line number, starting at 1. */
  readonly line: number;
  /** Column number, starting at 1. */
  readonly column: number;
}

/** Parsed YAML, with the positions of its values. */
export interface YamlText {
  /** The value; `undefined` if there are mistakes. */
  readonly value: unknown;
  /** What is wrong with the YAML itself. */
  readonly mistakes: readonly ConfigMistake[];
  /**
   * Return the position of a value, or of the nearest one around it if it does not exist. With `within`, return the
   * position of that part of the value's text.
   */
  placeOf(path: YamlPath, within?: string): YamlPlace;
  /** Return the position of a value's key, or of the value if it has no key. */
  placeOfKey(path: YamlPath): YamlPlace;
  /** The last line that is not empty. */
  readonly end: YamlPlace;
}

const MAX_DEPTH = 64;
/** Maximum number of mistakes of each kind to report: finding the position of each takes time. */
const MAX_MISTAKES = 50;
const TAB = "a tab indents the line";
const TAGGED = { message: "tags (!name) are not supported", hint: "Write the plain value" };
const INDIRECT = { message: "anchors (&name) and aliases (*name) are not supported", hint: "Write the value out" };
const START: YamlPlace = { line: 1, column: 1 };

/** Options of {@linkcode readYaml}. */
export interface ReadYamlOptions {
  /**
   * How such a file begins, for the hint if it is empty. If not set, an empty file is allowed, and its value is `null`.
   *
   * @default {undefined}
   */
  readonly begin?: string | undefined;
}

/**
 * Parse YAML text and keep the position of every value. Anchors, aliases and tags are rejected: no configuration needs
 * them, and a few lines of aliases can expand to gigabytes.
 *
 * @param text At most {@linkcode MAX_CONFIG_BYTES} characters; one document, nested at most 64 levels deep
 * @returns The value or the mistakes; mistakes are never thrown
 */
export function readYaml(text: string, options: ReadYamlOptions = {}): YamlText {
  const { begin } = options;
  if (text.length > MAX_CONFIG_BYTES) {
    return unreadable("the file is larger than 1 MiB", "A configuration has some hundred lines");
  }
  if (isDeep(text)) return unreadable("the YAML is nested too deeply", "A configuration needs a few levels only");
  const counter = new LineCounter();
  let documents: readonly Document.Parsed[];
  try {
    const parsed = parseAllDocuments(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return unreadable("the YAML is nested too deeply", "A configuration needs a few levels only");
  }
  const [document, second] = documents;
  if (document === undefined || (document.errors.length === 0 && isEmpty(document))) {
    if (begin !== undefined) return unreadable("the file is empty", `Begin with: ${begin}`);
    return { value: null, mistakes: [], placeOf: () => START, placeOfKey: () => START, end: START };
  }
  const placeAt = (offset: number): YamlPlace => {
    const { line, col } = counter.linePos(offset);
    return line === 0 ? START : { line, column: col };
  };
  const found = [...document.errors, ...document.warnings].slice(0, MAX_MISTAKES).map((error) =>
    describe(error, placeAt(error.pos[0]), text)
  );
  // A tab causes further errors, so only the tab is reported.
  const tab = found.find((mistake) => mistake.message === TAB);
  const mistakes = tab === undefined ? found : [tab];
  if (second !== undefined) {
    mistakes.push({ ...placeAt(second.range[0]), message: "a second document begins", hint: "Remove the ---" });
  }
  mistakes.push(...findIndirections(document, placeAt), ...findRepeatedKeys(document, placeAt));
  const value: unknown = mistakes.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 });
  return {
    value,
    mistakes,
    placeOf: (path, within) => {
      const offset = offsetOf(document, path);
      return placeAt(offset + offsetWithin(document, path, { text, offset, within }));
    },
    placeOfKey: (path) => placeAt(offsetOfKey(document, path) ?? offsetOf(document, path)),
    end: { line: text.trimEnd().split("\n").length, column: 1 },
  };
}

/**
 * Whether the text may be nested so deeply that the parser takes minutes. Brackets inside strings count too, because no
 * real file has so many unclosed brackets.
 */
function isDeep(text: string): boolean {
  let open = 0;
  for (const bracket of text.matchAll(/[[\]{}]/g)) {
    open = Math.max(0, open + (bracket[0] === "[" || bracket[0] === "{" ? 1 : -1));
    if (open > MAX_DEPTH) return true;
  }
  return text.split("\n").some((line) => /^(?:[\s?:-]{2}){64}/.test(line));
}

function unreadable(message: string, hint: string): YamlText {
  const mistakes = [{ ...START, message, hint }];
  return { value: undefined, mistakes, placeOf: () => START, placeOfKey: () => START, end: START };
}

function isEmpty(document: Document.Parsed): boolean {
  return document.contents === null || (isScalar(document.contents) && document.contents.value === null);
}

function describe(error: YAMLError, place: YamlPlace, text: string): ConfigMistake {
  const line = text.split("\n", place.line).at(-1) ?? "";
  switch (error.code) {
    case "TAB_AS_INDENT":
      return { ...place, message: TAB, hint: "Indent with spaces" };
    case "TAG_RESOLVE_FAILED":
      return { ...place, ...TAGGED };
    default:
      if (/^\s*\t/.test(line)) return { ...place, message: TAB, hint: "Indent with spaces" };
      return {
        ...place,
        message: `invalid YAML: ${error.message.split("\n")[0]}`,
        hint: "Check the indentation, and quote texts with : or #",
      };
  }
}

function findIndirections(document: Document.Parsed, placeAt: (offset: number) => YamlPlace): ConfigMistake[] {
  const found: ConfigMistake[] = [];
  visit(document, (_, node) => {
    if (!isNode(node)) return;
    if (found.length >= MAX_MISTAKES) return visit.BREAK;
    const isIndirect = isAlias(node) || node.anchor !== undefined;
    // The parser has already reported tags that it does not know.
    const isTagged = node.tag !== undefined && document.errors.length + document.warnings.length === 0;
    if (!isIndirect && !isTagged) return;
    found.push({ ...placeAt(node.range?.[0] ?? 0), ...isIndirect ? INDIRECT : TAGGED });
  });
  return found;
}

/** Find duplicate keys. The parser's own check takes quadratic time: it compares each key with all previous ones. */
function findRepeatedKeys(document: Document.Parsed, placeAt: (offset: number) => YamlPlace): ConfigMistake[] {
  const found: ConfigMistake[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name) && found.length < MAX_MISTAKES) {
          const message = `the key "${name}" appears twice in one mapping`;
          found.push({ ...placeAt(key.range?.[0] ?? 0), message, hint: "Keep one of them" });
        }
        seen.add(name);
      }
    },
  });
  return found;
}

/** Find the offset at which a value begins. If the path does not exist, find that of its last existing part. */
function offsetOf(document: Document.Parsed, path: YamlPath): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    const key = keyOffset(node, step);
    const entry = isSeq(node) ? node.get(Number(step), true) : undefined;
    node = isMap(node) ? node.get(step, true) : entry;
    if (!isNode(node)) return index === path.length - 1 ? key ?? offset : offset;
    offset = node.range?.[0] ?? offset;
  }
  return offset;
}

/** Find the offset of a part within a value's source text; 0 if it is not found, for example because of escapes. */
function offsetWithin(
  document: Document.Parsed,
  path: YamlPath,
  part: { readonly text: string; readonly offset: number; readonly within: string | undefined },
): number {
  const { text, offset, within } = part;
  const node = document.getIn(path, true);
  if (within === undefined || !isNode(node)) return 0;
  return Math.max(0, text.slice(offset, node.range?.[1]).indexOf(within));
}

function offsetOfKey(document: Document.Parsed, path: YamlPath): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  return keyOffset(parent, path.at(-1));
}

function keyOffset(parent: unknown, key: string | number | undefined): number | undefined {
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
  return pair !== undefined && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
}
