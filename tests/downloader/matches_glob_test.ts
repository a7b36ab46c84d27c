import { assertEquals } from "@std/assert";
import { matchesGlob } from "../../lib/downloader/_matches_glob.ts";

const CASES: readonly [name: string, pattern: string, expected: boolean][] = [
  ["Copper Fields", "copper", true],
  ["Copper Fields", "fields*", false],
  ["Copper Fields", "*fields", true],
  ["Copper Fields", "c?pper*", true],
  ["a.b", "a?b", true],
  ["axb", "a.b*", false],
  ["v1 (beta)", "*(beta)", true],
  ["two\nlines", "two*", true],
  ["[x]", "[x]*", true],
  ["x", "[x]*", false],
];

for (const [name, pattern, expected] of CASES) {
  Deno.test(`matchesGlob() says ${expected} for ${JSON.stringify(name)} and "${pattern}"`, () => {
    assertEquals(matchesGlob(name, pattern), expected);
  });
}
