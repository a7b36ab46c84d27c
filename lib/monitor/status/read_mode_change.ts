import { cleanText, createRedactor, truncateText } from "../../base/mod.ts";

const MAX_LENGTH = 500;
const REDACT = createRedactor();

/** A change of the mode, as the log of a run records it. */
export interface LoggedModeChange {
  /** The mode before. */
  readonly from: string;
  /** The mode now. */
  readonly to: string;
  /** Why it changed, as a sentence for the user. */
  readonly reason: string;
}

/**
 * Parse a change of mode from a log line.
 *
 * @returns The change; `null` for any other line
 */
export function readModeChange(line: string): LoggedModeChange | null {
  // A cheap test before parsing: most lines are something else.
  if (!line.includes('"type":"mode"')) return null;
  try {
    const { type, from, to, reason } = JSON.parse(line) as Record<string, unknown>;
    if (type !== "mode" || typeof from !== "string" || typeof to !== "string") return null;
    const why = typeof reason === "string" ? quote(reason) : "no reason was given";
    return { from: quote(from), to: quote(to), reason: why };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Lines may come from another program, so the text is cleaned and redacted before it is displayed. */
function quote(text: string): string {
  return truncateText(REDACT(cleanText(text)), MAX_LENGTH);
}
