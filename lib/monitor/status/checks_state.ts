import { refuseNewer } from "../../base/mod.ts";
import type { StatusChecks, StatusFailingCheck } from "./status_document.ts";

const SCHEMA = "civitai-dl/checks";
const VERSION = 1;

/**
 * Render the text of `checks.json`, in which a monitor leaves its last round of checks for the command `status`.
 *
 * @param checks The round
 * @returns One line of JSON
 */
export function renderChecks({ checkedAt, failing }: StatusChecks): string {
  return `${JSON.stringify({ schema: SCHEMA, version: VERSION, checkedAt, failing })}\n`;
}

/**
 * Parse `checks.json`.
 *
 * @param text Its text
 * @param path Its path, for messages
 * @returns The round
 * @throws {SyntaxError} If it is no such document
 * @throws {KitError} `unsafe` if a later version of the program wrote it
 */
export function parseChecks(text: string, path: string): StatusChecks {
  const value: unknown = JSON.parse(text);
  refuseNewer(value, { path, version: VERSION });
  if (!isRecord(value) || value["schema"] !== SCHEMA) throw new SyntaxError(`it is not a "${SCHEMA}" document`);
  const { checkedAt, failing } = value;
  if (typeof checkedAt !== "string" || !Array.isArray(failing)) throw new SyntaxError("it has no time or no list");
  return { checkedAt, failing: failing.map(parseFailing) };
}

function parseFailing(value: unknown): StatusFailingCheck {
  if (!isRecord(value)) throw new SyntaxError("a check is not an object");
  const { name, problem, measured, ja, remedy, since } = value;
  const japanese = isRecord(ja) ? ja["measured"] : null;
  const isText = (field: unknown): field is string => typeof field === "string";
  const isTextOrNull = (field: unknown): field is string | null => field === null || isText(field);
  if (
    !isText(name) || !isText(measured) || !isText(japanese) || !isText(since) || !isTextOrNull(problem) ||
    !isTextOrNull(remedy)
  ) {
    throw new SyntaxError("a check lacks its name, its finding or its time");
  }
  return { name, problem, measured, ja: { measured: japanese }, remedy, since };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
