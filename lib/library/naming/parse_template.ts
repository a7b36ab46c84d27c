import { closest, KitError } from "../../base/mod.ts";
import { TEMPLATE_FIELDS, type TemplateField } from "./template_values.ts";

/** A piece of a path template: text as it is, or a word to fill in. */
export type TemplatePart = string | {
  readonly field: TemplateField;
  /** What to write when the file has no such value; `null` when the template does not say. */
  readonly fallback: string | null;
};

/** A path template, taken apart: folders, then the file name; each is a row of parts. */
export type PathTemplate = readonly (readonly TemplatePart[])[];

const HINT = 'Write a relative path such as "{creator}/{model}_{version}/{file}"';

/**
 * Take a path template apart and refuse what could lead out of the library.
 *
 * @param text `{creator}/{base_model}/{model}_{version}/{file}`; `{fp|any}` has a default
 * @returns Its folders and file name
 * @throws {KitError} `usage` if a word is unknown, a brace is open, or the path is absolute or climbs
 */
export function parseTemplate(text: string): PathTemplate {
  if (/^(?:[/\\~]|[a-z]:)/i.test(text)) throw refusal(text, "it is not relative");
  if (/[\\\0]/.test(text)) throw refusal(text, 'folders are divided by "/"');
  const segments = splitSegments(text);
  if (segments.some((segment) => /^\s*\.*\s*$/.test(segment))) {
    throw refusal(text, "a part of it is empty or only dots");
  }
  return segments.map((segment) => parseSegment(segment, text));
}

/** Split at slashes outside of braces: a default may hold one, which becomes `_` like any value's. */
function splitSegments(text: string): readonly string[] {
  return text.match(/(?:\{[^{}]*\}|[^/])+|(?<=\/|^)(?=\/|$)/g) ?? [""];
}

function parseSegment(segment: string, text: string): readonly TemplatePart[] {
  const parts = segment.split(/(\{[^{}]*\})/).filter((part) => part !== "");
  return parts.map((part) => {
    if (part.startsWith("{") && part.endsWith("}")) return parseWord(part.slice(1, -1), text);
    if (/[{}]/.test(part)) throw refusal(text, "a brace is not closed");
    return part;
  });
}

function parseWord(word: string, text: string): TemplatePart {
  const bar = word.indexOf("|");
  const field = (bar < 0 ? word : word.slice(0, bar)).trim();
  const known = TEMPLATE_FIELDS.find((name) => name === field);
  if (known !== undefined) return { field: known, fallback: bar < 0 ? null : word.slice(bar + 1) };
  const near = closest(field, TEMPLATE_FIELDS);
  throw new KitError("usage", `Cannot use path template "${text}": unknown word "${field}"`, {
    hint: near === undefined ? `Known words: ${TEMPLATE_FIELDS.join(", ")}` : `Did you mean "{${near}}"?`,
  });
}

function refusal(text: string, reason: string): KitError {
  return new KitError("usage", `Cannot use path template "${text}": ${reason}`, { hint: HINT });
}
