import { cleanText, cutText } from "../../base/mod.ts";
import { asRecord } from "./_as_record.ts";
import { parseLenientJson } from "./parse_lenient_json.ts";

/** What the body of a refusal says, whichever of its many shapes it has. */
export interface ErrorBody {
  /** What the body is; `html` means that something other than the API answered. */
  readonly format: "json" | "html" | "xml" | "text" | "empty";
  /** What it says, on one line, at most 300 characters; empty when it says nothing. */
  readonly message: string;
  /** `REGION_BLOCKED`, `TOO_MANY_REQUESTS`, `ExpiredRequest`, …, when there is one. */
  readonly code: string | null;
  /** When an early access ends, ISO 8601 UTC. */
  readonly deadline: string | null;
}

/** A refusal says what it has to say at its beginning. */
const MAX_BODY = 1 << 20;
const MAX_MESSAGE = 300;
/** Issues beyond these are cut off anyway. */
const MAX_ISSUES = 50;

/**
 * Parse the body of a refusal: JSON with a text, an object, a list of issues or a flattened form; HTML; XML; nothing.
 *
 * @param text The body
 * @returns What it says
 */
export function parseErrorBody(text: string): ErrorBody {
  const body = text.slice(0, MAX_BODY).trim();
  if (body === "") return errorBody("empty", "");
  if (/^<\?xml|^<Error>/i.test(body)) {
    return { ...errorBody("xml", tagOf(body, "Message")), code: tagOf(body, "Code") || null };
  }
  if (body.startsWith("<")) return errorBody("html", tagOf(body, "title"));
  const json = readJson(body);
  if (json === undefined) return errorBody("text", body);
  const { code, deadline } = asRecord(json) ?? {};
  const at = typeof deadline === "string" ? Date.parse(deadline) : NaN;
  return {
    ...errorBody("json", messageOf(json)),
    code: typeof code === "string" ? code : null,
    deadline: Number.isNaN(at) ? null : new Date(at).toISOString(),
  };
}

function errorBody(format: ErrorBody["format"], message: string): ErrorBody {
  const line = cleanText(message).replace(/\s+/g, " ");
  return { format, message: cutText(line, MAX_MESSAGE + 1), code: null, deadline: null };
}

function readJson(text: string): unknown {
  try {
    return parseLenientJson(text);
  } catch (error) {
    // Not JSON: the caller takes it as plain text.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The text of the first element of this name that holds text only. */
function tagOf(markup: string, tag: string): string {
  const lower = markup.toLowerCase();
  const begin = lower.indexOf(`<${tag.toLowerCase()}`);
  const open = begin === -1 ? -1 : lower.indexOf(">", begin);
  const close = open === -1 ? -1 : lower.indexOf("<", open);
  return close !== -1 && lower.startsWith(`</${tag.toLowerCase()}>`, close) ? markup.slice(open + 1, close) : "";
}

/** `error` and `message` together, because each alone may be the one that says something. */
function messageOf(json: unknown): string {
  const fields = asRecord(json);
  if (fields === null) return typeof json === "string" ? json : "";
  const parts = [sayingOf(fields["error"]), sayingOf(fields["message"])].filter((part) => part !== "");
  return [...new Set(parts)].join(": ");
}

function sayingOf(value: unknown): string {
  if (typeof value === "string") return unpackIssues(value);
  if (Array.isArray(value)) return issuesOf(value);
  const fields = asRecord(value);
  if (fields === null) return "";
  if (typeof fields["message"] === "string") return unpackIssues(fields["message"]);
  const form = wordsOf(fields["formErrors"]);
  const named = Object.entries(asRecord(fields["fieldErrors"]) ?? {}).slice(0, MAX_ISSUES)
    .map(([name, list]) => `${name}: ${wordsOf(list).join(", ")}`);
  return [...form, ...named].join("; ");
}

/** A text may hold the list of issues as JSON, after words of its own. */
function unpackIssues(text: string): string {
  const start = text.search(/\[\s*\{/);
  const issues = start === -1 ? undefined : readJson(text.slice(start));
  return Array.isArray(issues) ? `${text.slice(0, start)}${issuesOf(issues)}` : text;
}

function issuesOf(issues: readonly unknown[]): string {
  return issues.slice(0, MAX_ISSUES).map((issue) => {
    const { path, message } = asRecord(issue) ?? {};
    const place = wordsOf(path).join(".");
    return `${place === "" ? "" : `${place}: `}${typeof message === "string" ? message : "invalid"}`;
  }).join("; ");
}

/** The texts and numbers of a list, or of one that stands alone. To write out what is nested could take the stack. */
function wordsOf(value: unknown): readonly string[] {
  return [value].flat().slice(0, MAX_ISSUES)
    .filter((word) => typeof word === "string" || typeof word === "number").map(String);
}
