import { assertEquals } from "@std/assert";

/** A line that a script prints to standard error, with examples in place of its values. */
export interface SaidLine {
  readonly line: string;
  /** File and line of the source. */
  readonly place: string;
}

const SCRIPTS = new URL("../../scripts/", import.meta.url);
/** Commands of maintainers: they print the progress of checks and measurements, which no operator meets in a log. */
const MAINTAINERS =
  /^(_bench|_branch|_environments|_gate|_package|_profiling|_release|_setup|_site|_frame\/step_summary|analyze_profile|benchmark|branch|check_regression|checks|compile|concurrency_test|deb|demo|dev_setup|docs|environments|evidence|gate|image_files|load_test|memory_test|npm|ok|package_manifests|paired_stability|picture|pre_commit|production_test|profile|release|rollback|sandbox|sbom|site|stability|std|workflow_lint)/;
/** Values that determine the form of a line; any other is `x`. */
const EXAMPLES: Readonly<Record<string, string>> = {
  "from": "pending",
  "to": "firing",
  "event.to": "open",
  "event.outcome": "failed",
  "event.attempt": "1",
  "event.failure": "timeout",
  "problem.verdict": "missing",
  "Math.round(waitMs)": "5",
};
/** Expressions that are not literals, and where their lines are tested or come from. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "event.message",
  "expected",
  "renderListing(event.target, event.listing)",
  "formatAdvice(advice, suppressed)",
  "text",
]);

/**
 * Find all lines that the operator commands print.
 *
 * @returns The lines; fails at an unknown expression
 */
export async function listSaid(): Promise<readonly SaidLine[]> {
  const said: SaidLine[] = [];
  const unknown: string[] = [];
  for (const name of await listScripts(SCRIPTS)) {
    const source = await Deno.readTextFile(new URL(name, SCRIPTS));
    for (const match of source.matchAll(/\b(?:display\.(?:log|notice|detail)|say\.log|say\.onWarning)\(\s*/g)) {
      const rest = source.slice(match.index + match[0].length);
      if (rest[0] === "`" || rest[0] === '"') said.push({ line: readLiteral(rest), place: name });
      else unknown.push(rest.slice(0, endOf(rest, ")")));
    }
  }
  assertEquals(unknown.filter((expression) => !ELSEWHERE.has(expression)), [], "said by an expression");
  return said;
}

async function listScripts(folder: URL, under = ""): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (MAINTAINERS.test(`${under}${name}`)) continue;
    if (isDirectory) names.push(...await listScripts(new URL(`${name}/`, folder), `${under}${name}/`));
    else if (name.endsWith(".ts")) names.push(`${under}${name}`);
  }
  return names.toSorted();
}

/** A string or template literal, with an example in place of each value. */
function readLiteral(source: string): string {
  if (source[0] === '"') return JSON.parse(/^"(?:[^"\\]|\\.)*"/.exec(source)![0]) as string;
  let line = "";
  for (let at = 1; source[at] !== "`"; at++) {
    if (source[at] !== "$" || source[at + 1] !== "{") {
      line += source[at];
      continue;
    }
    const value = source.slice(at + 2);
    const length = endOf(value, "}");
    line += EXAMPLES[value.slice(0, length).trim()] ?? "x";
    at += 2 + length;
  }
  return line;
}

/** Find the bracket that closes an expression, skipping nested ones. */
function endOf(source: string, closing: ")" | "}"): number {
  const opening = closing === ")" ? "(" : "{";
  let depth = 1;
  for (let at = 0;; at++) {
    if (source[at] === opening) depth++;
    if (source[at] === closing && --depth === 0) return at;
  }
}
