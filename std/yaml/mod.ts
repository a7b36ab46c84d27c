/**
 * `@std/yaml` on top of `js-yaml`, for networks that reach npm only. It has just the functions that the project uses.
 *
 * @module
 */
import { dump, loadAll } from "npm:js-yaml@^5.5.0";

/** Thrown for text that is not valid YAML. */
export class YamlSyntaxError extends SyntaxError {
  /** The name that stack traces print. */
  override name = "YamlSyntaxError";
  /** Line number, from 1. */
  readonly line: number;
  /** Column number, from 1. */
  readonly column: number;

  /** Set message, place and cause; line and column count from 1. */
  constructor(message: string, line: number, column: number, cause: unknown) {
    super(message, { cause });
    this.line = line;
    this.column = column;
  }
}

/** Options of {@linkcode parse}, as far as the project uses those of std. */
export interface ParseOptions {
  /** Only the types of JSON, so that dates stay strings. No other schema is supported here. */
  schema: "core";
}

/**
 * Parse one YAML document.
 *
 * @param content The YAML text
 * @param _options The schema, which is always `core`
 * @returns The value; `null` for an empty document
 * @throws {YamlSyntaxError} If the text is not one valid YAML document
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
 * Format a value as YAML.
 *
 * @param data The value
 * @param options The same as std's, of which the project uses these: `sortKeys`, and `lineWidth`, -1 to fold no line
 * @returns The text
 */
export function stringify(data: unknown, options: { sortKeys?: boolean; lineWidth?: number } = {}): string {
  return dump(data, options);
}
