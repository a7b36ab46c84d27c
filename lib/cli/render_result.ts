import { inertJson, type Redactor } from "../base/mod.ts";
import { cleanOutput } from "./clean_output.ts";
import type { Command, RenderOptions } from "./command.ts";

/** Options of {@linkcode renderResult}. */
export interface RenderResultOptions extends RenderOptions {
  /** One JSON document instead of text. */
  readonly json: boolean;
  /** Removes secrets. */
  readonly redact: Redactor;
  /** The program's name: the first part of the schema's. */
  readonly program: string;
}

/**
 * The text of a result: one JSON document that begins with `schema` and `version`, or what the command renders.
 *
 * A result that has a `schema` of its own, such as a stored report, keeps it.
 *
 * @param command The command
 * @param result What `run` returned
 * @param options Form, width, colours
 * @returns The text; ends with a line break unless it is empty
 */
export async function renderResult(
  command: Command,
  result: unknown,
  options: RenderResultOptions,
): Promise<string> {
  const { json, redact, program, width, color } = options;
  if (json) {
    const header = { schema: `${program}/${command.name}`, version: command.schemaVersion ?? 1 };
    const document = withHeader(header, result);
    const text = JSON.stringify(document, (_, value) => typeof value === "string" ? redact(value) : value);
    return `${inertJson(text)}\n`;
  }
  if (result === undefined || command.render === undefined) return "";
  const text = cleanOutput(await command.render(result, { width, color }), { redact, color });
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
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
