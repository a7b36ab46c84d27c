import { escapeJsonControls, type Redactor } from "../../base/mod.ts";
import { cleanOutput } from "../terminal/clean_output.ts";
import type { Command, RenderOptions } from "../command/command.ts";
import type { NameCommands } from "../name_commands.ts";

/** Options of {@linkcode renderResult}. */
export interface RenderResultOptions extends RenderOptions {
  /** Whether to write one JSON document instead of text. */
  readonly json: boolean;
  /** Removes secrets from all strings. */
  readonly redact: Redactor;
  /**
   * Rewrites the commands in the text, and in fields of the JSON that tell a person what to do, into those that the
   * reader can type.
   *
   * @default {text stays as it is}
   */
  readonly nameCommands?: NameCommands | undefined;
  /** The program's name, with which the name of the schema begins: `program/command`. */
  readonly program: string;
}

/** The fields of JSON that tell a person what to do, wherever they are in the document. */
const ADVICE_FIELDS = ["advice", "afterwards", "again", "command", "hint", "next", "purpose", "remedy", "why"];

/** Minimum length of a piece in characters. It limits the number of writes, each of which is a system call. */
const PIECE_LENGTH = 65_536;

/**
 * Render a result: as a JSON document that begins with `schema` and `version`, or as the text that the command renders.
 * In JSON, a field that is iterable but not an array, such as the rows of a large table, is streamed row by row, so
 * that memory use stays constant.
 *
 * Text names commands as the reader types them, and so do the {@linkcode ADVICE_FIELDS} of JSON. A text of
 * which `isDocument` of the command says so is exempt.
 *
 * If the result contains its own `schema`, such as a stored report, that schema is kept.
 *
 * @param command The command that was run
 * @param result The value that `run` returned
 * @returns The text in pieces; it ends with a line break unless it is empty
 * @throws {TypeError} If the result has a `version` but no `schema`
 */
export async function* renderResult(
  command: Command,
  result: unknown,
  options: RenderResultOptions,
): AsyncGenerator<string> {
  const { json, redact, nameCommands = (text) => text, program, width, color } = options;
  if (json) {
    const header = { schema: `${program}/${command.name}`, version: 1 };
    const document = withHeader(header, result);
    const show = (text: string, field: string): string =>
      redact(ADVICE_FIELDS.includes(field) ? nameCommands(text) : text);
    return yield* joined(jsonParts(document, show));
  }
  if (result === undefined || command.render === undefined) return;
  const rendered = await command.render(result, { width, color });
  const text = cleanOutput(command.isDocument?.(result) ? rendered : nameCommands(rendered), { redact, color });
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

function* jsonParts(document: object, show: (text: string, field: string) => string): Generator<string> {
  const print = (value: unknown, name = ""): string | undefined => {
    // The outermost value has no field in its own text.
    const text = JSON.stringify(
      value,
      (field, inner) => typeof inner === "string" ? show(inner, field === "" ? name : field) : inner,
    ) as string | undefined;
    return text === undefined ? undefined : escapeJsonControls(text);
  };
  let separator = "{";
  for (const [name, value] of Object.entries(document)) {
    const isStream = isIterable(value) && !Array.isArray(value);
    const text = isStream ? "" : print(value, name);
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
