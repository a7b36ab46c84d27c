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

/**
 * Parse the body of a refusal: JSON with a text, an object, a list of issues or a flattened form; HTML; XML; nothing.
 *
 * @param text The body
 * @returns What it says
 */
export function parseErrorBody(text: string): ErrorBody {
  const body = text.trim();
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
  const line = message.replace(/\s+/g, " ").trim();
  return { format, message: line.length > 300 ? `${line.slice(0, 300)}…` : line, code: null, deadline: null };
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

function tagOf(markup: string, tag: string): string {
  return new RegExp(`<${tag}[^>]*>([^<]*)</${tag}>`, "i").exec(markup)?.[1] ?? "";
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
  const form = Array.isArray(fields["formErrors"]) ? fields["formErrors"].map(String) : [];
  const named = Object.entries(asRecord(fields["fieldErrors"]) ?? {}).map(([name, list]) =>
    `${name}: ${[list].flat().join(", ")}`
  );
  return [...form, ...named].join("; ");
}

/** A text may hold the list of issues as JSON, after words of its own. */
function unpackIssues(text: string): string {
  const start = text.search(/\[\s*\{/);
  const issues = start === -1 ? undefined : readJson(text.slice(start));
  return Array.isArray(issues) ? `${text.slice(0, start)}${issuesOf(issues)}` : text;
}

function issuesOf(issues: readonly unknown[]): string {
  return issues.map((issue) => {
    const { path, message } = asRecord(issue) ?? {};
    const at = Array.isArray(path) && path.length > 0 ? `${path.join(".")}: ` : "";
    return `${at}${typeof message === "string" ? message : "invalid"}`;
  }).join("; ");
}
