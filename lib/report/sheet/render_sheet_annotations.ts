import { cleanLines } from "../../base/mod.ts";
import { describeRow } from "./_sheet_words.ts";
import type { SheetRow, VerdictSheet } from "./verdict_sheet.ts";

/** GitHub shows at most this many annotations of each kind per step, and silently drops the others. */
const MAX_SHOWN = 10;

interface Annotation {
  readonly kind: "error" | "warning";
  readonly properties: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
}

/**
 * Render rows that did not pass as GitHub workflow commands: first each condition, then its problems at their
 * locations.
 *
 * @param sheet The verdicts
 * @returns Lines for standard output; empty if everything passed
 */
export function renderSheetAnnotations(sheet: VerdictSheet): string {
  const bad = sheet.rows.filter((row) => row.verdict !== "pass" && row.level !== "off");
  const kindOf = (row: SheetRow): Annotation["kind"] =>
    row.level === "error" && row.verdict === "fail" ? "error" : "warning";
  const all: readonly Annotation[] = [
    ...bad.map((row) => ({
      kind: kindOf(row),
      properties: { title: `${row.id}: ${row.title}` },
      message: describeRow(row),
    })),
    ...bad.flatMap((row) =>
      row.problems.map(({ message, file, line, column, rule }) => ({
        kind: kindOf(row),
        properties: { file, line, col: line === undefined ? undefined : column, title: rule ?? row.id },
        message,
      }))
    ),
  ];
  const lines: string[] = [];
  for (const kind of ["error", "warning"] as const) {
    const ofKind = all.filter((one) => one.kind === kind);
    lines.push(...ofKind.slice(0, MAX_SHOWN).map(renderAnnotation));
    const rest = ofKind.length - MAX_SHOWN;
    if (rest > 0) lines.push(`::notice::${rest} more annotations of kind ${kind} are in the report`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

function renderAnnotation({ kind, properties, message }: Annotation): string {
  const shown = Object.entries(properties).filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escape(String(value)).replaceAll(":", "%3A").replaceAll(",", "%2C")}`);
  return `::${kind} ${shown.join(",")}::${escape(message)}`;
}

/** Escape a message: a line break would end the command. */
function escape(text: string): string {
  return cleanLines(text).replaceAll("%", "%25").replaceAll("\n", "%0A");
}
