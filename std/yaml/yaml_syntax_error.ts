/** Position of an error. */
export interface YamlPosition {
  /** Line number, from 1. */
  readonly line: number;
  /** Column number, from 1. */
  readonly column: number;
  /** Number of characters before it. */
  readonly offset: number;
}

/** Thrown for text that is not valid YAML. */
export class YamlSyntaxError extends SyntaxError {
  /** The name that stack traces print. */
  override name = "YamlSyntaxError";
  /** Line number, from 1. */
  readonly line: number;
  /** Column number, from 1. */
  readonly column: number;
  /** Number of characters before the error. */
  readonly offset: number;
  /** The lines around the error, if there are any. */
  readonly snippet?: string;

  /** Set the message, to which the position and the snippet are added. */
  constructor(message: string, position: YamlPosition, snippet?: string) {
    const place = `${message} at line ${position.line}, column ${position.column}`;
    super(snippet ? `${place}:\n${snippet}` : place);
    this.line = position.line;
    this.column = position.column;
    this.offset = position.offset;
    if (snippet !== undefined) this.snippet = snippet;
  }
}
