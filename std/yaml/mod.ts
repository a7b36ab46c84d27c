/**
 * `@std/yaml` over `js-yaml`, for networks that reach npm only: the functions that the project uses.
 *
 * @module
 */
import { dump, load } from "npm:js-yaml@^5.5.0";

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

/**
 * Parse one YAML document.
 *
 * @param content The text
 * @returns The value
 * @throws {YamlSyntaxError} If it is not YAML
 */
export function parse(content: string): unknown {
  try {
    return load(content) ?? null;
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
 * @param options The same as std's, of which the project uses `sortKeys`
 * @returns The text
 */
export function stringify(data: unknown, options: { sortKeys?: boolean } = {}): string {
  return dump(data, options);
}
