/**
 * `@std/yaml` over `js-yaml`, for networks that reach npm only: the functions that the project uses.
 *
 * @module
 */
import { dump, loadAll } from "npm:js-yaml@^5.5.0";

/** A text that is not YAML, and where. */
export class YamlSyntaxError extends SyntaxError {
  /** The name that stack traces print. */
  override name = "YamlSyntaxError";
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;

  /** Build from js-yaml's mark, which counts from 0. */
  constructor(message: string, line: number, column: number, cause: unknown) {
    super(message, { cause });
    this.line = line;
    this.column = column;
  }
}

/** Options of {@linkcode parse}: those of std that the project uses. */
export interface ParseOptions {
  /** JSON's types only: dates stay texts. The one schema that there is here. */
  schema: "core";
}

/**
 * Parse one YAML document.
 *
 * @param content The text
 * @param _options The schema
 * @returns The value
 * @throws {YamlSyntaxError} If it is not YAML
 */
export function parse(content: string, _options: ParseOptions): unknown {
  try {
    const documents = loadAll(content);
    if (documents.length > 1) throw new SyntaxError("Found more than 1 document in the stream");
    return documents[0] ?? null;
  } catch (error) {
    const mark = error instanceof Error && "mark" in error ? error.mark as { line: number; column: number } : undefined;
    const message = error instanceof Error ? error.message.split("\n")[0]! : String(error);
    throw new YamlSyntaxError(message, (mark?.line ?? 0) + 1, (mark?.column ?? 0) + 1, error);
  }
}

/**
 * Write a value as YAML.
 *
 * @param data The value
 * @param options The same as std's, of which the project uses these: `sortKeys`, and `lineWidth`, -1 to fold no line
 * @returns The text
 */
export function stringify(data: unknown, options: { sortKeys?: boolean; lineWidth?: number } = {}): string {
  return dump(data, options);
}
