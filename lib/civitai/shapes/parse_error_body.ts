import { cleanText, truncateText } from "../../base/mod.ts";
import { asRecord } from "./_as_record.ts";
import { parseLenientJson } from "./parse_lenient_json.ts";

/** The body of a refusal, in one shape for its many formats. */
export interface ErrorBody {
  /** Format of the body; `html` means that something other than the API responded. */
  readonly format: "json" | "html" | "xml" | "text" | "empty";
  /** The error message, on one line, cut after 300 characters, to which `…` is added; empty if there is none. */
  readonly message: string;
  /** End of early access, ISO 8601 UTC; `null` if the body gives none. */
  readonly deadline: string | null;
}

/** Only this much of the body is parsed, in UTF-16 code units, because the message is at the beginning. */
const MAX_BODY = 1 << 20;
/** Maximum length of a message, to which the mark of a cut is added. */
const MAX_MESSAGE = 300;
/** More issues than this do not fit into a message. */
const MAX_ISSUES = 50;

/**
 * Parse the body of a refusal. It may be JSON (with a string, an object, a list of issues or a flattened form), HTML,
 * XML, plain text or empty.
 *
 * @param text The body
 * @returns Its format, message and deadline
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseErrorBody } from "@civitai-dl/civitai-dl/civitai";
 *
 * const body = parseErrorBody('{"error":"Too many requests","code":"TOO_MANY_REQUESTS"}');
 * assertEquals(body, { format: "json", message: "Too many requests", deadline: null });
 * ```
 */
export function parseErrorBody(text: string): ErrorBody {
  const body = text.slice(0, MAX_BODY).trim();
  if (body === "") return errorBody("empty", "");
  if (/^<\?xml|^<Error>/i.test(body)) return errorBody("xml", readTag(body, "Message"));
  if (body.startsWith("<")) return errorBody("html", readTag(body, "title"));
  const json = readJson(body);
  if (json === undefined) return errorBody("text", body);
  const deadline = asRecord(json)?.["deadline"];
  const time = typeof deadline === "string" ? Date.parse(deadline) : NaN;
  return {
    ...errorBody("json", readMessage(json)),
    deadline: Number.isNaN(time) ? null : new Date(time).toISOString(),
  };
}

function errorBody(format: ErrorBody["format"], message: string): ErrorBody {
  const line = cleanText(message).replace(/\s+/g, " ");
  return { format, message: truncateText(line, MAX_MESSAGE + 1), deadline: null };
}

function readJson(text: string): unknown {
  try {
    return parseLenientJson(text);
  } catch (error) {
    // Not JSON: the caller treats it as plain text.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Return the text of the first element with this name; empty if there is none, or if it contains other elements. */
function readTag(markup: string, tag: string): string {
  const lower = markup.toLowerCase();
  const start = lower.indexOf(`<${tag.toLowerCase()}`);
  const open = start === -1 ? -1 : lower.indexOf(">", start);
  const close = open === -1 ? -1 : lower.indexOf("<", open);
  return close !== -1 && lower.startsWith(`</${tag.toLowerCase()}>`, close) ? markup.slice(open + 1, close) : "";
}

/** Combine `error` and `message`, because either may be the meaningful one. */
function readMessage(json: unknown): string {
  const fields = asRecord(json);
  if (fields === null) return typeof json === "string" ? json : "";
  const parts = [formatErrorValue(fields["error"]), formatErrorValue(fields["message"])].filter((part) => part !== "");
  return [...new Set(parts)].join(": ");
}

function formatErrorValue(value: unknown): string {
  if (typeof value === "string") return unpackIssues(value);
  if (Array.isArray(value)) return formatIssues(value);
  const fields = asRecord(value);
  if (fields === null) return "";
  if (typeof fields["message"] === "string") return unpackIssues(fields["message"]);
  const form = toStrings(fields["formErrors"]);
  const named = Object.entries(asRecord(fields["fieldErrors"]) ?? {}).slice(0, MAX_ISSUES)
    .map(([name, list]) => `${name}: ${toStrings(list).join(", ")}`);
  return [...form, ...named].join("; ");
}

/** Replace a JSON list of issues inside a string with readable text. */
function unpackIssues(text: string): string {
  const start = text.search(/\[\s*\{/);
  const issues = start === -1 ? undefined : readJson(text.slice(start));
  return Array.isArray(issues) ? `${text.slice(0, start)}${formatIssues(issues)}` : text;
}

function formatIssues(issues: readonly unknown[]): string {
  return issues.slice(0, MAX_ISSUES).map((issue) => {
    const { path, message } = asRecord(issue) ?? {};
    const place = toStrings(path).join(".");
    return `${place === "" ? "" : `${place}: `}${typeof message === "string" ? message : "invalid"}`;
  }).join("; ");
}

/**
 * Return the strings and numbers of a list, or a single one as a list. Nested values are dropped: formatting them could
 * exhaust the stack.
 */
function toStrings(value: unknown): readonly string[] {
  return [value].flat().slice(0, MAX_ISSUES)
    .filter((word) => typeof word === "string" || typeof word === "number").map(String);
}
