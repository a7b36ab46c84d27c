import { cleanText } from "../../base/mod.ts";

/** What the message of a release's tag says. */
export interface TagMessageParts {
  /** The tag, which is the first line. */
  readonly tag: string;
  /** The notes; empty for none. */
  readonly notes: string;
  /** Lines at the end, such as `Gate` and `phase 1 passed`. */
  readonly trailers: readonly (readonly [name: string, value: string])[];
  /** A report as one line of JSON; `null` for none. */
  readonly report: string | null;
}

/**
 * Write the message of a release's tag. Trailers are the last paragraph, as `git interpret-trailers` reads them; a report
 * is a line of JSON above them, so that the tag carries its own proof.
 *
 * @param parts What it says
 * @returns The message, without a line break at the end
 */
export function renderTagMessage({ tag, notes, trailers, report }: TagMessageParts): string {
  const lines = trailers.map(([name, value]) => renderTrailer(name, value));
  return [tag, notes, report ?? "", lines.join("\n")].filter((part) => part !== "").join("\n\n");
}

/** Write a line that `git interpret-trailers` reads, such as `Phase-Override: a reason`. */
export function renderTrailer(name: string, value: string): string {
  return `${name}: ${cleanText(value).replaceAll(/\s+/g, " ").trim()}`;
}
