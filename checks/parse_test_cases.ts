import { pathFromRoot } from "./path_from_root.ts";

/** One test that was found. */
export interface TestCase {
  /** Its name; of a step, with the names above it. */
  readonly name: string;
  /** Its file, from the working folder. */
  readonly file: string;
  /** Counted from 1; 0 if unknown. */
  readonly line: number;
  /** Counted from 1; 0 if unknown. */
  readonly column: number;
  /** Whether it was run. */
  readonly isExecuted: boolean;
  /** Its first line of trouble, or `null`. */
  readonly failure: string | null;
}

/** Read the JUnit file that `deno test` writes. */
export function parseTestCases(xml: string): readonly TestCase[] {
  return [...xml.matchAll(/<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(([, head, body = ""]) => {
    const trouble = /<(?:failure|error)(?: message="([^"]*)")?/.exec(body);
    return {
      name: attribute(head!, "name"),
      file: pathFromRoot(attribute(head!, "classname").replace(/^\.\//, "")),
      line: Number(attribute(head!, "line")),
      column: Number(attribute(head!, "col")),
      isExecuted: !/<skipped/.test(body),
      failure: trouble === null ? null : unescape(trouble[1] ?? "failed"),
    };
  });
}

function attribute(head: string, name: string): string {
  return unescape(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(head)?.[1] ?? "");
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function unescape(text: string): string {
  return text.replaceAll(/&(?:(lt|gt|quot|apos|amp)|#(\d+)|#x([0-9a-fA-F]+));/g, (_, name, decimal, hex) => {
    if (name !== undefined) return ENTITIES[name]!;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}
