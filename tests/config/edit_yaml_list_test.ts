import { assertEquals, assertThrows } from "@std/assert";
import { editYamlList, readYaml } from "../../lib/config/mod.ts";

const A = { text: "a tls 9s", replaces: (text: string) => text.startsWith("a ") };
const B = { text: "*.b tls 9s", replaces: (text: string) => text.startsWith("*.b ") };

const EDITS: readonly (readonly [before: string, after: string])[] = [
  ["", 'x:\n  - a tls 9s\n  - "*.b tls 9s"\n'],
  ["# only a comment", '# only a comment\nx:\n  - a tls 9s\n  - "*.b tls 9s"\n'],
  ["y: 1 # kept\n", 'y: 1 # kept\nx:\n  - a tls 9s\n  - "*.b tls 9s"\n'],
  [
    "# head\nx: # mine\n    # first\n    - 'a tls 1s'   # why\n    - c tls 2s\n\ny:   [ 1,2 ] # odd\n",
    '# head\nx: # mine\n    # first\n    - a tls 9s   # why\n    - c tls 2s\n    - "*.b tls 9s"\n\ny:   [ 1,2 ] # odd\n',
  ],
  ["x: [c tls 2s, a tls 1s] # flow\ny: 2\n", 'x: [c tls 2s, a tls 9s, "*.b tls 9s"] # flow\ny: 2\n'],
  ["x: a tls 1s\ny: 2\n", 'x: [a tls 9s, "*.b tls 9s"]\ny: 2\n'],
  ["x:\ny: 2\n", 'x: [a tls 9s, "*.b tls 9s"]\ny: 2\n'],
  ["x:\n- c tls 2s", 'x:\n- c tls 2s\n- a tls 9s\n- "*.b tls 9s"'],
];

for (const [index, [before, after]] of EDITS.entries()) {
  Deno.test(`editYamlList() replaces and adds entries, and keeps everything else (${index + 1})`, () => {
    const edited = editYamlList(before, "x", [A, B]);
    assertEquals(edited, after);
    const { value, mistakes } = readYaml(edited);
    assertEquals(mistakes, []);
    const list = (value as { readonly x: readonly string[] }).x;
    assertEquals(list.includes(A.text) && list.includes(B.text), true);
    assertEquals(editYamlList(edited, "x", [A, B]), edited);
  });
}

Deno.test("editYamlList() refuses a key that holds something else", () => {
  for (const bad of ["x: {a: 1}\n", "x: [[1]]\n", "x: 5\n"]) {
    assertThrows(() => editYamlList(bad, "x", [A]), SyntaxError);
  }
});
