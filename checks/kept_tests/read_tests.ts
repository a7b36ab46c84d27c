/** A test as its source declares it. */
export interface DeclaredTest {
  /** Its name as written, with placeholders; the first line of the declaration if the name is computed. */
  readonly name: string;
  /** Line of the source in which it begins, from 1. */
  readonly line: number;
  /** What it says about when it runs: `ignore: …`, and options that are written elsewhere; empty if it always runs. */
  readonly condition: string;
  /** Lines of the declaration, without indentation. */
  readonly lines: readonly string[];
  /** Number of places that are reached and can make it fail by themselves: calls of an assertion, and `throw`. */
  readonly assertions: number;
}

const DECLARATION = /^[ \t]*Deno\.test(\.only|\.ignore|\.each)?\s*[(<]/gm;
const ASSERTION = /\b(?:assert\w*|fail|expect)\s*[(.<]|\bthrow\b/g;
/** Begin of the function of a test, after its name and options. */
const FUNCTION = /(?:\basync\s+)?(?:\([^()]*\)|\b[\w$]+)\s*=>|\bfunction\b|\bfn\b/;
const CONDITION = /\bignore\b[^\n]*|\.\.\.[\w$.]+|^[\s)\]}(]*,\s*[A-Za-z_$][\w$.]*(?=\s*,)/g;
const LITERAL = String.raw`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|${"`(?:[^`\\\\]|\\\\.)*`"})`;

/**
 * Read the tests that a formatted source declares at its top level or in a block. The text is read, not run: what a
 * helper of a test asserts is not seen, and a name that is computed is compared by the text that computes it. How many
 * tests a declaration lets run is known to {@linkcode countRuns}.
 *
 * @param source The source of a test file
 * @returns Its tests, in their order
 */
export function readTests(source: string): readonly DeclaredTest[] {
  return [...source.matchAll(DECLARATION)].map(({ index, 0: head, 1: kind }) => {
    const text = cut(source.slice(index));
    const isEach = kind === ".each";
    // A table comes before the name, and may have strings of its own.
    const rest = isEach ? text.slice(Math.max(0, text.search(/^\s*[\])]*\)\(/m))) : text.slice(head.length);
    const place = isEach ? new RegExp(String.raw`\)\(\s*${LITERAL}`) : new RegExp(String.raw`(?:^|name:)\s*${LITERAL}`);
    const literal = place.exec(rest)?.[1];
    const name = literal?.slice(1, -1) ?? text.split("\n")[0]!.trim();
    const condition = readCondition(literal === undefined ? rest : rest.replace(literal, () => ""));
    const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    return {
      name,
      line: source.slice(0, index).split("\n").length,
      condition,
      lines,
      assertions: dropUnreached(text).match(ASSERTION)?.length ?? 0,
    };
  });
}

/** Read from a declaration without its name what decides whether it runs. */
function readCondition(declaration: string): string {
  const begin = declaration.search(FUNCTION);
  const head = begin === -1 ? declaration : declaration.slice(0, begin);
  return [...head.matchAll(CONDITION)].map(([part]) => part.replaceAll(/^[\s)\]}(,]+|[\s,}]+$/g, ""))
    .filter((part) => part !== "ignore: false").join(", ");
}

/** Leave out what follows a `return` in the same block. */
function dropUnreached(text: string): string {
  const kept: string[] = [];
  let ended = Infinity;
  for (const line of text.split("\n")) {
    const indent = line.search(/\S/);
    if (indent === -1 || indent >= ended) continue;
    kept.push(line);
    ended = /^\s*return\b.*;$/.test(line) ? indent : Infinity;
  }
  return kept.join("\n");
}

/** Cut a declaration at its end: the first line with the indentation of its first that ends with a semicolon. */
function cut(text: string): string {
  const indent = /^[ \t]*/.exec(text)![0];
  const lines = text.split("\n");
  const end = lines.findIndex((line) =>
    line.startsWith(indent) && !/^\s/.test(line.slice(indent.length)) && /;$/.test(line)
  );
  return end === -1 ? text : lines.slice(0, end + 1).join("\n");
}
