import { createRedactor, KitError } from "../../base/mod.ts";
import { parseTarget } from "./parse_target.ts";
import type { Target } from "./target.ts";

const MAX_LINE = 4096;
/** A file with more bad lines than this is not a list of targets. */
const MAX_PROBLEMS = 10_000;
const WANTED: Readonly<Record<"user" | "model", readonly Target["type"][]>> = {
  user: ["user"],
  model: ["model", "version", "air", "hash"],
};

/** Options of {@linkcode parseTargetList}. */
export interface ParseTargetListOptions {
  /**
   * What the list contains. In a list of users, a bare number is a user name; in a list of models, it is a model id.
   *
   * @default {"any"}
   */
  readonly kind?: "user" | "model" | "any";
  /** Where the text comes from, such as a file name, for messages. */
  readonly source: string;
  /** Hosts that count as Civitai in addition to its own. */
  readonly hosts?: readonly string[] | undefined;
}

/** A target and its place in the list. */
export interface ListedTarget {
  /** The target that the line names. */
  readonly target: Target;
  /** Line number, from 1. */
  readonly line: number;
}

/** A line that is not a usable target. */
export interface ListProblem {
  /** Line number, from 1. */
  readonly line: number;
  /** The line, cut after 120 characters and without secrets; empty if the limit of bad lines was reached. */
  readonly text: string;
  /** Source, line number and reason, on one line. */
  readonly message: string;
}

/** The result of {@linkcode parseTargetList}. */
export interface TargetList {
  /** The usable lines, in order, including repeats. */
  readonly targets: readonly ListedTarget[];
  /** The unusable lines, in order. */
  readonly problems: readonly ListProblem[];
}

/**
 * Parse a list of targets, one per line. `#` begins a comment at the start of a line or after a space. Blank lines are
 * skipped. A bad line is reported as a problem, and the rest is still parsed, unless more than 10 000 lines are bad.
 *
 * @param text The list
 * @param options What the list contains, and where it comes from
 * @returns The targets in order, including repeats, and the problems
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseTargetList } from "@civitai-dl/civitai-dl/civitai";
 *
 * const options = { kind: "user", source: "users.txt" } as const;
 * const { targets, problems } = parseTargetList("alice # a creator\n12345\n\na/b", options);
 * assertEquals(targets.map(({ target }) => target), [
 *   { type: "user", username: "alice" },
 *   { type: "user", username: "12345" },
 * ]);
 * assertEquals(problems.map(({ line }) => line), [4]);
 * ```
 */
export function parseTargetList(text: string, options: ParseTargetListOptions): TargetList {
  const { kind = "any", source, hosts } = options;
  const redact = createRedactor();
  const targets: ListedTarget[] = [];
  const problems: ListProblem[] = [];
  for (const [index, raw] of text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/).entries()) {
    const line = index + 1;
    try {
      const target = parseLine(raw, { kind, hosts });
      if (target !== null) targets.push({ target, line });
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      if (problems.length >= MAX_PROBLEMS) {
        const message =
          `${source}:${line}: Cannot use the remaining lines: ${MAX_PROBLEMS} lines before them are invalid`;
        problems.push({ line, text: "", message });
        break;
      }
      const clean = redact(raw.slice(0, MAX_LINE).trim());
      problems.push({
        line,
        text: clean.length > 120 ? `${clean.slice(0, 120)}…` : clean,
        message: `${source}:${line}: ${error.message}`,
      });
    }
  }
  return { targets, problems };
}

function parseLine(raw: string, options: Omit<ParseTargetListOptions, "source">): Target | null {
  if (raw.length > MAX_LINE) {
    throw new KitError("usage", `Cannot use the line: it has ${raw.length} characters, more than ${MAX_LINE}`);
  }
  const word = raw.replace(/(^|\s)#.*$/, "").trim();
  if (word === "") return null;
  const { kind = "any" } = options;
  const target = parseTarget(word, options);
  if (kind !== "any" && !WANTED[kind].includes(target.type)) {
    const shown = createRedactor()(word);
    throw new KitError("usage", `Cannot use "${shown}" in a list of ${kind}s: it is a ${target.type}`);
  }
  return target;
}
