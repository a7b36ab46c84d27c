import { closest, KitError } from "../../base/mod.ts";
import { TEMPLATE_FIELDS, type TemplateField } from "./template_values.ts";

/** A part of a path template: literal text, or a word to fill in. */
export type TemplatePart = string | {
  readonly field: TemplateField;
  /** Text to use if the file has no such value; `null` if the template specifies none. */
  readonly fallback: string | null;
};

/** A parsed path template: folders, then the file name, each a list of parts. */
export type PathTemplate = readonly (readonly TemplatePart[])[];

/** Words that differ between the files of a version. */
const DISTINCT: readonly TemplateField[] = ["file", "stem", "file_id"];

const HINT = 'Write a relative path such as "{creator}/{model}_{version}/{file}"';

/**
 * Parse a path template, and refuse one that could lead out of the library.
 *
 * @param text Such as `{creator}/{base_model}/{model}_{version}/{file}`; `{fp|any}` has a default
 * @returns Its folders and file name
 * @throws {KitError} `usage` if a word is unknown, a brace is not closed, the path is absolute, a part of it is empty or
 * only dots, or no word differs between the files of a version
 */
export function parseTemplate(text: string): PathTemplate {
  if (/^(?:[/\\~]|[a-z]:)/i.test(text)) throw refusal(text, "it is not relative");
  if (/[\\\0]/.test(text)) throw refusal(text, 'folders must be separated by "/"');
  const segments = splitSegments(text);
  if (segments.some((segment) => /^\s*\.*\s*$/.test(segment))) {
    throw refusal(text, "a folder or the file name is empty or only dots");
  }
  const template = segments.map((segment) => parseSegment(segment, text));
  const isDistinct = template.flat().some((part) => typeof part !== "string" && DISTINCT.includes(part.field));
  if (isDistinct) return template;
  const reason = "{file} is missing, and so are {stem} and {file_id}: the files of a version would have one name";
  throw new KitError("usage", `Cannot use path template "${text}": ${reason}`, { hint: `Write "${text}/{file}"` });
}

/** Split at slashes outside of braces. A default may contain a slash, which becomes `_` as in any value. */
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
