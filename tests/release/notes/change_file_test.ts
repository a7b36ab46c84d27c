import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { parseChanges } from "../../../lib/release/mod.ts";
import { renderChanges } from "../../../lib/release/notes/change_file.ts";

const change = (name: string, text: string | null) => ({ path: `changes/${name}`, text });

Deno.test("parseChanges() sorts changes by path, and leaves the README out", () => {
  const files = [
    change("b.md", "---\r\nkind: added\r\n---\r\n\r\nA flag.\r\n"),
    change("README.md", "# Anything\n"),
    change("a-2.md", "---\nkind: fixed\n---\nA bug\nin two lines.\n\n- With a list.\n\n```sh\n# not a heading\n```\n"),
  ];
  assertEquals(parseChanges(files), [
    {
      path: "changes/a-2.md",
      kind: "fixed",
      text: "A bug\nin two lines.\n\n- With a list.\n\n```sh\n# not a heading\n```",
    },
    { path: "changes/b.md", kind: "added", text: "A flag." },
  ]);
});

Deno.test.each(
  [
    ["no front matter", "a.md", "A flag.\n", 'changes/a.md:1:1: the first line is not "---"'],
    ["an open front matter", "a.md", "---\nkind: added\n", "changes/a.md:3:1: no second line"],
    ["an unknown kind", "a.md", "---\nkind: fix\n---\nA bug.\n", "changes/a.md:2:7: "],
    ["an unknown key", "a.md", "---\nkind: fixed\ntopic: x\n---\nA bug.\n", 'changes/a.md:3:1: unknown key "topic"'],
    ["no kind", "a.md", "---\n---\nA bug.\n", "changes/a.md:1:1: the kind is missing"],
    ["no text", "a.md", "---\nkind: fixed\n---\n\n", "changes/a.md:3:1: the text is missing"],
    [
      "a list",
      "a.md",
      "---\nkind: fixed\n---\n\n- A bug.\n- Another.\n",
      "changes/a.md:5:1: the text begins as a list",
    ],
    ["a heading", "a.md", "---\nkind: fixed\n---\nA bug.\n\n## Other\n", "changes/a.md:6:1: a change has no headings"],
    ["another name", "A bug.md", "---\nkind: fixed\n---\nA bug.\n", "changes/A bug.md: a change is a file with a name"],
    ["a folder", "sub", null, "changes/sub: a change is a file with a name"],
  ] as const,
)("parseChanges() refuses %s with file and line", (_, name, text, says) => {
  const error = assertThrows(() => parseChanges([change(name, text)]), KitError, says);
  assertEquals(error.code, "usage");
  assertEquals(error.hint !== undefined || error.message.includes("must be one of"), true);
});

Deno.test("parseChanges() names the kinds, and every bad file at once", () => {
  const bad = "---\nkind: zzz\n---\nA bug.\n";
  const error = assertThrows(() => parseChanges([change("b.md", bad), change("a.md", "")]), KitError);
  assertEquals(error.message.split("\n").map((line) => line.slice(0, 24)), [
    "Cannot use changes/a.md:",
    "Cannot use changes/b.md:",
  ]);
  const single = assertThrows(() => parseChanges([change("b.md", bad)]), KitError);
  assertEquals(single.message.includes('must be one of "added", "changed", "deprecated", "removed", "fixed"'), true);
});

Deno.test("renderChanges() has a heading for each kind in the order of Keep a Changelog, and indents", () => {
  const changes = parseChanges([
    change("z.md", "---\nkind: added\n---\nA flag.\n"),
    change("y.md", "---\nkind: security\n---\nA hole.\n"),
    change("b.md", "---\nkind: fixed\n---\nSecond\nin two lines.\n\nMore.\n"),
    change("a.md", "---\nkind: fixed\n---\nFirst.\n"),
  ]);
  assertEquals(
    renderChanges(changes),
    "### Added\n\n- A flag.\n\n### Fixed\n\n- First.\n- Second\n  in two lines.\n\n  More.\n\n### Security\n\n- A hole.",
  );
  assertEquals(renderChanges([]), "");
});
