import { assertEquals } from "@std/assert";
import { listShellBlocks, listShellCommands } from "../../../checks/documents/shell_blocks.ts";

Deno.test("listShellBlocks() finds shell blocks, also in lists, and which of them are run", () => {
  const page =
    "# A\n\n```sh run\na b\n```\n\n1. One\n\n   ```bash\n   c\n     d\n   ```\n\n```ts\ne\n```\n\n```\nf\n```\n";
  assertEquals(listShellBlocks(page), [
    { line: 4, isRun: true, script: "a b\n" },
    { line: 10, isRun: false, script: "c\n  d\n" },
  ]);
});

for (
  const [what, script, expected] of [
    ["quoted words as one", `a "b c" 'd e' f="g h"`, [["a", "b c", "d e", "f=g h"]]],
    ["each part of a pipe or list", "a | b && c; d || e & f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]],
    ["no comments", "a # b\n# c\nd#e", [["a"], ["d#e"]]],
    ["no redirections", "a b > c 2>&1 < d >> e", [["a", "b"]]],
    ["continued lines as one", "a \\\n  b\nc", [["a", "b"], ["c"]]],
    ["no here documents", "cat > x <<'END'\na b\nEND\nc", [["cat"], ["c"]]],
    ["substitutions as they are", "a $(b c) ${D}/e", [["a", "$(b c)", "${D}/e"]]],
  ] as const
) {
  Deno.test(`listShellCommands() returns ${what}`, () => {
    const commands = listShellCommands({ line: 1, isRun: false, script });
    assertEquals<readonly (readonly string[])[]>(commands.map(({ words }) => words), expected);
  });
}

Deno.test("listShellCommands() numbers lines by the page", () => {
  const commands = listShellCommands({ line: 10, isRun: false, script: "a\n\nb \\\n c\nd\n" });
  assertEquals(commands.map(({ line, words }) => [line, words[0]]), [[10, "a"], [12, "b"], [14, "d"]]);
});
