import { cleanText, createRedactor, cutText } from "../../base/mod.ts";

const MAX_LENGTH = 500;
const REDACT = createRedactor();

/** A step of the engine's mode, as the log of a run tells it. */
export interface LoggedModeChange {
  /** The mode before. */
  readonly from: string;
  /** The mode now. */
  readonly to: string;
  /** What moved it, for a person. */
  readonly reason: string;
}

/**
 * Read a change of mode from a line of a log.
 *
 * @param line One line
 * @returns The change; `null` for any other line
 */
export function readModeChange(line: string): LoggedModeChange | null {
  // Most lines are something else, and need no parsing.
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

/** The log may be of another program: what it says is shown to people. */
function quote(text: string): string {
  return cutText(REDACT(cleanText(text)), MAX_LENGTH);
}
