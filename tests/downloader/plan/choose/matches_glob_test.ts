import { assertEquals } from "@std/assert";
import { seededRandom } from "../../../../lib/base/mod.ts";
import { matchesGlob } from "../../../../lib/downloader/plan/choose/_matches_glob.ts";
import { assertLinearTime } from "../../../helpers/assert_linear_time.ts";

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
  ["abcabd", "*ab?", true],
  ["abcabd", "a*b*d", true],
  ["abcabd", "a*b*c", false],
  ["", "*", true],
  ["", "?", false],
  ["a*b", "a**b", true],
  ["ab", "ab*?", false],
];

for (const [name, pattern, expected] of CASES) {
  Deno.test(`matchesGlob() returns ${expected} for ${JSON.stringify(name)} and "${pattern}"`, () => {
    assertEquals(matchesGlob(name, pattern), expected);
  });
}

Deno.test("matchesGlob() agrees with a regular expression on short words", () => {
  const random = seededRandom(5);
  const word = (letters: string, length: number) =>
    Array.from({ length: Math.floor(random() * length) }, () => letters[Math.floor(random() * letters.length)]).join(
      "",
    );
  for (let round = 0; round < 1000; round++) {
    const name = word("ab", 8);
    const pattern = `${word("ab*?", 6)}*`;
    const source = pattern.replaceAll("*", ".*").replaceAll("?", ".");
    assertEquals(matchesGlob(name, pattern), new RegExp(`^${source}$`).test(name), `${name} ${pattern}`);
  }
});

Deno.test("matchesGlob() takes linear time for any number of stars", async () => {
  for (const pattern of ["*a*a*a*a*a*b", "*a*a*b*", "*aaaaaaaa*b?", "a*?*?*?*b"]) {
    await assertLinearTime((name) => matchesGlob(name, pattern), "a", { name: `matchesGlob("${pattern}")` });
  }
});
