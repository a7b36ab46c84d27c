import { escapeJsonControls, type Redactor } from "../../base/mod.ts";
import { cleanOutput } from "./clean_output.ts";
import type { Command, RenderOptions } from "../command/command.ts";

/** Options of {@linkcode renderResult}. */
export interface RenderResultOptions extends RenderOptions {
  /** Whether to write one JSON document instead of text. */
  readonly json: boolean;
  /** Removes secrets from all strings. */
  readonly redact: Redactor;
  /** The program's name, with which the name of the schema begins: `program/command`. */
  readonly program: string;
}

/** Minimum length of a piece in characters. It limits the number of writes, each of which is a system call. */
const PIECE_LENGTH = 65_536;

/**
 * Render a result: as a JSON document that begins with `schema` and `version`, or as the text that the command renders.
 * In JSON, a field that is iterable but not an array, such as the rows of a large table, is streamed row by row, so
 * that memory use stays constant.
 *
 * If the result contains its own `schema`, such as a stored report, that schema is kept.
 *
 * @param command The command that was run
 * @param result The value that `run` returned
 * @param options Format, width, colors, redactor
 * @returns The text in pieces; it ends with a line break unless it is empty
 * @throws {TypeError} If the result has a `version` but no `schema`
 */
export async function* renderResult(
  command: Command,
  result: unknown,
  options: RenderResultOptions,
): AsyncGenerator<string> {
  const { json, redact, program, width, color } = options;
  if (json) {
    const header = { schema: `${program}/${command.name}`, version: command.schemaVersion ?? 1 };
    return yield* joined(jsonParts(withHeader(header, result), redact));
  }
  if (result === undefined || command.render === undefined) return;
  const text = cleanOutput(await command.render(result, { width, color }), { redact, color });
  if (text !== "") yield text.endsWith("\n") ? text : `${text}\n`;
}

function* joined(parts: Iterable<string>): Generator<string> {
  let piece = "";
  for (const part of parts) {
    piece += part;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

function* jsonParts(document: object, redact: Redactor): Generator<string> {
  const print = (value: unknown): string | undefined => {
    const text = JSON.stringify(value, (_, inner) => typeof inner === "string" ? redact(inner) : inner) as
      | string
      | undefined;
    return text === undefined ? undefined : escapeJsonControls(text);
  };
  let separator = "{";
  for (const [name, value] of Object.entries(document)) {
    const isStream = isIterable(value) && !Array.isArray(value);
    const text = isStream ? "" : print(value);
    if (text === undefined) continue;
    yield `${separator}${print(name)}:${text}`;
    separator = ",";
    if (!isStream) continue;
    let before = "[";
    for (const row of value) {
      yield `${before}${print(row) ?? "null"}`;
      before = ",";
    }
    yield before === "[" ? "[]" : "]";
  }
  yield "}\n";
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function withHeader(header: { schema: string; version: number }, result: unknown): object {
  if (result === undefined) return header;
  if (typeof result !== "object" || result === null || Array.isArray(result)) return { ...header, result };
  if ("schema" in result) return { ...header, ...result };
  if ("version" in result) {
    throw new TypeError(`Cannot print the result of ${header.schema}: its "version" hides the version of the schema`);
  }
  return { ...header, ...result };
}
