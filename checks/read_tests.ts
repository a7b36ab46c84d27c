/** A test as its source declares it. */
export interface DeclaredTest {
  /** Its name as written, with placeholders; the first line of the declaration if the name is computed. */
  readonly name: string;
  /** Whether it never runs: `Deno.test.ignore`, or `ignore: true`. */
  readonly isIgnored: boolean;
  /** Lines of the declaration, without indentation. */
  readonly lines: readonly string[];
  /** Number of places that can make it fail by themselves: calls of an assertion, and `throw`. */
  readonly assertions: number;
}

const DECLARATION = /^[ \t]*Deno\.test(\.only|\.ignore|\.each)?\s*[(<]/gm;
const ASSERTION = /\b(?:assert\w*|fail|expect)\s*[(.<]|\bthrow\b/g;
const LITERAL = String.raw`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|${"`(?:[^`\\\\]|\\\\.)*`"})`;

/**
 * Read the tests that a formatted source declares at its top level or in a block. The text is read, not run: what a
 * helper of a test asserts is not seen, and a name that is computed is compared by the text that computes it.
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
    const name = place.exec(rest)?.[1]?.slice(1, -1) ?? text.split("\n")[0]!.trim();
    const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    return {
      name,
      isIgnored: kind === ".ignore" || /\bignore: true\b/.test(text),
      lines,
      assertions: text.match(ASSERTION)?.length ?? 0,
    };
  });
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
