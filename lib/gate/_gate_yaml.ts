import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from "npm:yaml@^2.9.1";
import type { GateConfigMistake } from "./gate_config_error.ts";

/** The way to a value: keys and indexes. */
export type Path = readonly (string | number)[];

/** A YAML text whose mistakes are collected with their places. */
export class GateYaml {
  readonly #document: Document.Parsed | undefined;
  readonly #counter = new LineCounter();
  /** What is wrong, in the order it was found. */
  readonly mistakes: GateConfigMistake[] = [];
  /** The value; `undefined` if this is no YAML. */
  readonly value: unknown;

  constructor(text: string) {
    const options = { lineCounter: this.#counter, prettyErrors: false } as const;
    const parsed = parseAllDocuments(text, options);
    const [document, second] = Array.isArray(parsed) ? parsed : [];
    this.#document = document;
    if (document === undefined) {
      this.#note(0, "the file is empty", "Begin with: version: 1");
      return;
    }
    for (const error of [...document.errors, ...document.warnings]) {
      this.#note(error.pos[0], `this is no YAML: ${error.message.split("\n")[0]}`, "Look at the indentation");
    }
    if (second !== undefined) this.#note(second.range[0], "a second document begins", "Leave out the ---");
    if (this.mistakes.length > 0) return;
    try {
      this.value = document.toJS({ maxAliasCount: 0 });
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      this.#note(0, "aliases (*name) are not used here", "Write the value out");
    }
  }

  /** Note a mistake at a value, or at its key. */
  add(
    path: Path,
    message: string,
    options: { readonly hint?: string | undefined; readonly atKey?: boolean } = {},
  ): void {
    const { hint = "", atKey = false } = options;
    this.#note(this.#offset(path, atKey), message, hint);
  }

  #note(offset: number, message: string, hint: string): void {
    const { line, col } = this.#counter.linePos(offset);
    this.mistakes.push({ line: Math.max(1, line), column: Math.max(1, col), message, hint });
  }

  /** Of a path that does not lead on, the place of the last thing that is there. */
  #offset(path: Path, atKey: boolean): number {
    let node: unknown = this.#document?.contents;
    let offset = this.#document?.contents?.range?.[0] ?? 0;
    for (const [index, step] of path.entries()) {
      const pair = isMap(node)
        ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
        : undefined;
      const key = pair !== undefined && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      const isLast = index === path.length - 1;
      node = isMap(node) ? pair?.value : isSeq(node) ? node.get(Number(step), true) : undefined;
      if (isLast && (atKey || !isNode(node))) return key ?? offset;
      if (!isNode(node)) return offset;
      offset = node.range?.[0] ?? offset;
    }
    return offset;
  }
}
