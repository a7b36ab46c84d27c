import { assertEquals } from "@std/assert";
import { listHeadings, listLinks, plainHeading, replaceLinks } from "../../../checks/documents/markdown.ts";

Deno.test("listHeadings() makes anchors as GitHub does", () => {
  const page =
    "# The `gate`, and *more*\n\n```sh\n# a comment\n```\n\n## A/B & c_d\n## 終了コード\n## [Link](x.md): two\n## A/B & c_d\n";
  assertEquals(listHeadings(page).map(({ line, level, anchor }) => [line, level, anchor]), [
    [0, 1, "the-gate-and-more"],
    [6, 2, "ab--c_d"],
    [7, 2, "終了コード"],
    [8, 2, "link-two"],
    [9, 2, "ab--c_d-1"],
  ]);
});

Deno.test("listHeadings() ends a code block only at a fence as long as the first", () => {
  assertEquals(listHeadings("````md\n```\n# no\n````\n# yes\n").map(({ text }) => text), ["yes"]);
});

Deno.test("plainHeading() leaves the words", () => {
  assertEquals(plainHeading("The `deno` [task](x.md) **now**"), "The deno task now");
});

Deno.test("listLinks() finds links and pictures of this repository, not those of others", () => {
  const page = [
    "[a](b.md) ![c](d.png) [`e`](f.md#g) [wrapped",
    "text](h/) [i](#j) [k](https://example.org) [l](mailto:m@example.org)",
    '<img src="n.svg"> `[o](p.md)`',
    "```md",
    "[q](r.md)",
    "```",
  ].join("\n");
  assertEquals(listLinks(page), [
    { path: "b.md" },
    { path: "d.png" },
    { path: "f.md", anchor: "g" },
    { path: "h/" },
    { path: "", anchor: "j" },
    { path: "n.svg" },
  ]);
});

Deno.test("replaceLinks() changes the target and nothing else", () => {
  const text = '[a](b.md "title") and ![c](d.png)\n';
  assertEquals(replaceLinks(text, ({ path }) => `x/${path}`), '[a](x/b.md "title") and ![c](x/d.png)\n');
});
