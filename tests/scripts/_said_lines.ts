import { assertEquals } from "@std/assert";

/** A line that a script says on standard error, with examples in place of its values. */
export interface SaidLine {
  readonly line: string;
  /** Where it is said. */
  readonly place: string;
}

const SCRIPTS = new URL("../../scripts/", import.meta.url);
/** What maintainers run: it says how far checks and measurements are, and no operator meets it in a log. */
const MAINTAINERS =
  /^(_bench|_gate|_frame\/step_summary|benchmark|check_regression|checks|compile|demo|docs|gate|ok|sandbox|stability|std)/;
/** Values that a line's form depends on; any other is `x`. */
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
/** What is no literal, and where its lines are tested or come from. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "event.message",
  "expected",
  "renderListing(event.target, event.listing)",
  "renderPlan(plan)",
  "sayAdvice(advice, suppressed)",
  "text",
]);

/**
 * Find all that the commands of an operator say.
 *
 * @returns The lines; fails if one is said by an expression that nobody has thought of
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

/** A text in quotes or a template, with an example in place of each value. */
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

/** Where the bracket is that ends an expression, over those in it. */
function endOf(source: string, closing: ")" | "}"): number {
  const opening = closing === ")" ? "(" : "{";
  let depth = 1;
  for (let at = 0;; at++) {
    if (source[at] === opening) depth++;
    if (source[at] === closing && --depth === 0) return at;
  }
}
