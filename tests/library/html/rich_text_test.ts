import { assert, assertEquals } from "@std/assert";
import { parseRichText, type RichText } from "../../../lib/library/mod.ts";

const cases: Record<string, { html: string; tree: RichText }> = {
  "paragraphs, styles and lists": {
    html: "<p>Use <strong>glow</strong> at <em>0.8</em></p><ul><li>one<li>two</ul><h2>Notes</h2>a<br>b",
    tree: [
      { tag: "p", children: ["Use ", { tag: "b", children: ["glow"] }, " at ", { tag: "i", children: ["0.8"] }] },
      { tag: "ul", children: [{ tag: "li", children: ["one"] }, { tag: "li", children: ["two"] }] },
      { tag: "h3", children: ["Notes"] },
      "a",
      { tag: "br", children: [] },
      "b",
    ],
  },
  "links to web pages": {
    html: `<a href="https://a.example/x?y=1" onclick="x()" target=_top>a</a>`,
    tree: [{ tag: "a", href: "https://a.example/x?y=1", children: ["a"] }],
  },
  "the text of other links": {
    html: `<a href="java\nscript:alert(1)">a</a><a href="data:text/html,x">b</a><a href="\\\\host\\x">c</a>` +
      `<a href="file:///etc">d</a><a href="mailto:x@y.example">e</a><a>f</a>`,
    tree: ["a", "b", "c", "d", "e", "f"],
  },
  "no scripts, styles and frames": {
    html: `<script>alert(1)</script><style>p{}</style><iframe src="https://a.example/"></iframe>` +
      `<svg onload=alert(1)><p>t</p></svg><form action=x><input></form>&lt;script&gt;`,
    tree: [
      { tag: "a", href: "https://a.example/", children: ["https://a.example/"] },
      { tag: "p", children: ["t"] },
      "<script>",
    ],
  },
  "pictures as links": {
    html: `<img src="https://a.example/p.png" alt="A picture" onerror=alert(1)><img src="javascript:x">`,
    tree: [{ tag: "a", href: "https://a.example/p.png", children: ["A picture"] }],
  },
  "white space of code": {
    html: "<pre>a  b\n c</pre>",
    tree: [{ tag: "pre", children: ["a  b\n c"] }],
  },
  "what is closed without being open": { html: "</p></ul></b>t</li>", tree: ["t"] },
  "nothing": { html: "<p> </p>", tree: [] },
};

for (const [name, { html, tree }] of Object.entries(cases)) {
  Deno.test(`parseRichText() keeps ${name}`, async () => {
    assertEquals(await parseRichText(html), tree);
  });
}

function depthOf(tree: RichText): number {
  return 1 + Math.max(0, ...tree.map((child) => typeof child === "string" ? 0 : depthOf(child.children)));
}

Deno.test("parseRichText() bounds depth, size and time of hostile HTML", async () => {
  const deep = await parseRichText(`${"<blockquote><b>".repeat(30_000)}deep`);
  assert(depthOf(deep) <= 20);
  const start = performance.now();
  const long = await parseRichText("<p>x</p>".repeat(120_000));
  assert(long.length < 6000);
  assertEquals(long.at(-1), { tag: "p", children: ["…"] });
  assert(performance.now() - start < 5000);
  assertEquals(await parseRichText(null), []);
});
