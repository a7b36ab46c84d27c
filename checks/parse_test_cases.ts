import { pathFromRoot } from "./path_from_root.ts";

/** One test case in a JUnit file. */
export interface TestCase {
  /** Name of the test; the name of a step includes the names of its parents. */
  readonly name: string;
  /** Path of its file, relative to the working directory. */
  readonly file: string;
  /** Line number, from 1; 0 if unknown. */
  readonly line: number;
  /** Column number, from 1; 0 if unknown. */
  readonly column: number;
  /** Whether the test ran; `false` if it was ignored. */
  readonly isExecuted: boolean;
  /** Message of the failure; `null` if the test did not fail. */
  readonly failure: string | null;
}

/** Parse the JUnit file that `deno test` writes. */
export function parseTestCases(xml: string): readonly TestCase[] {
  return [...xml.matchAll(/<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(([, head, body = ""]) => {
    const failureTag = /<(?:failure|error)(?: message="([^"]*)")?/.exec(body);
    return {
      name: attribute(head!, "name"),
      file: pathFromRoot(attribute(head!, "classname").replace(/^\.\//, "")),
      line: Number(attribute(head!, "line")),
      column: Number(attribute(head!, "col")),
      isExecuted: !/<skipped/.test(body),
      failure: failureTag === null ? null : unescape(failureTag[1] ?? "failed"),
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
