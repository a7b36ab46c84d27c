import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { descriptionMarkdown, prepareDescriptions } from "../../../lib/library/mod.ts";
import { assertLinearTime } from "../../helpers/assert_linear_time.ts";
import { sidecarFacts } from "../../helpers/library/facts.ts";

Deno.test("prepareDescriptions() loads everything, so that the first description needs no turn of the event loop", async () => {
  await prepareDescriptions();
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await descriptionMarkdown(sidecarFacts());
  clearInterval(timer);
  assertEquals(turns, 0);
});

Deno.test("descriptionMarkdown() shows the facts and the creator's description", async () => {
  const text = await descriptionMarkdown(sidecarFacts({ versionDescription: "<ul><li>fixed hands</li></ul>" }));
  assertStringIncludes(text, "# Lantern Fields XL: v2.0\n");
  assertStringIncludes(text, "- Published: 2026-06-11\n");
  assertStringIncludes(text, "<https://civitai.com/models/3100001?modelVersionId=2900101>");
  assertStringIncludes(text, "- Trained words: `lntrnflds`");
  assertStringIncludes(text, "Warm **light**.");
  assertStringIncludes(text, "* fixed hands");
  assert(text.endsWith("\n"));
});

Deno.test("descriptionMarkdown() omits missing facts", async () => {
  const text = await descriptionMarkdown(
    sidecarFacts({ modelDescription: " ", creator: null, publishedAt: null, trainedWords: [], tags: [] }),
  );
  assert(!/##|Trained|Tags|null/.test(text));
  assertStringIncludes(text, "- Creator: unknown");
});

Deno.test("descriptionMarkdown() lets nothing run and nothing break out of its line", async () => {
  const text = await descriptionMarkdown(sidecarFacts({
    modelName: "a\n# b [x](y)",
    trainedWords: ["`tick`"],
    modelDescription:
      '<script>alert(1)</script><a href="javascript:alert(2)">one</a><a href=\'JAVASCRIPT:alert(3)\'>two</a><img src="data:x">',
  }));
  assert(!/alert|javascript|data:/i.test(text), text);
  assertStringIncludes(text, "# a \\# b \\[x\\](y): v2.0");
  assertStringIncludes(text, "`` `tick` ``");
});

/** The text below the heading of the model. */
async function modelPart(modelDescription: string): Promise<string> {
  const text = await descriptionMarkdown(sidecarFacts({ modelDescription, versionDescription: null }));
  return text.slice(text.indexOf("## Model") + 10).trimEnd();
}

Deno.test("descriptionMarkdown() keeps headings, styles, links, lists, quotes, code, rules and tables", async () => {
  assertEquals(
    await modelPart(
      `<h2>Use &amp; <em>tips</em></h2><p>Warm <strong>light</strong>, <b><i>both </i></b><s>gone</s>.<br>A
      <a href="https://x.example/a_b?c=(1)">good <b>link</b></a>; <code>co\`de</code></p>
      <ul><li><p>one</p></li><li>two<ol><li>x<li>y</ol></li><li><p>three</p><p>more</p></li></ul>
      <blockquote><p>quoted</p><p>again</p></blockquote><pre><code>a\n  b</code></pre><hr>
      <table><tr><th>A</th><th>B|</th></tr><tr><td><p>1</p><p>2</p></td><td>3</td></tr></table>end`,
    ),
    `## Use & *tips*

Warm **light**, ***both*** ~~gone~~.\x20\x20
A [good **link**](https://x.example/a_b?c=%281%29); \`\`co\`de\`\`

* one
* two
  1. x
  2. y
* three

  more

> quoted
>
> again

\`\`\`
a
  b
\`\`\`

---

| A | B\\| |
| --- | --- |
| 1 2 | 3 |

end`,
  );
});

for (
  const [what, html, expected] of [
    [
      "references that spell tags",
      "&lt;img src=x onerror=alert(1)&gt; &amp;lt;b&amp;gt;",
      "\\<img src=x onerror=alert(1)\\> \\&lt;b\\&gt;",
    ],
    ["references inside of a scheme", '<a href="java&#115;cript:alert(1)">x</a>', "x"],
    ["tabs and line ends inside of a scheme", '<a href=" java\tscr\nipt:alert(1)">x</a>', "x"],
    [
      "other schemes that run or read",
      '<a href="vbscript:1">x</a><a href="data:,1">y</a><a href="blob:1">z</a>',
      "xyz",
    ],
    ["local files", '<a href="file:///etc/passwd">x</a><a href="FILE://host/share">y</a>', "xy"],
    ["shares", '<a href="\\\\host\\share">x</a><a href="/\\host/share">y</a>', "xy"],
    [
      "remote pictures",
      '<img src="https://t.example/1.gif?id=7" width=1 height=1>',
      "[image](https://t.example/1.gif?id=7)",
    ],
    [
      "players and frames",
      '<video src="https://t.example/1.mp4"></video><iframe src="//t.example/f">x</iframe>',
      "[video](https://t.example/1.mp4) [page](https://t.example/f)",
    ],
    ["pictures of other schemes", '<img src="file:///x.png" alt="a ]( b"><img src="data:x">', "image: a \\]( b image"],
    [
      "addresses that would end their link",
      '<a href="mailto:a b)<script>@c">x</a>',
      "[x](mailto:a%20b%29%3Cscript%3E@c)",
    ],
    ["user names in addresses", '<a href="https://civitai.com@evil.example/">x</a>', "[x](https://evil.example/)"],
    [
      "Markdown in words",
      "![x](https://t.example) [a]: b `c` **d** # e",
      "!\\[x\\](https://t.example) \\[a\\]: b \\`c\\` \\*\\*d\\*\\* \\# e",
    ],
    [
      "Markdown at the start of lines",
      "<p>- a</p><p>1. b</p><p>===</p><p>+ c<br># d</p>",
      "\\- a\n\n1\\. b\n\n\\===\n\n\\+ c  \n\\# d",
    ],
    ["invisible characters", "a\u202eb\u200bc&#x2066;d&#27;[2J", "abcd"],
    [
      "code beside code in a link that leads nowhere",
      '<code>a</code><code><a href="x:">`&lt;b&gt;</a></code>',
      "``a`<b>``",
    ],
    ["code beside a backtick", "`<code>a</code>`<code>`</code>", "\\``a`\\``` ` ``"],
    ["raw text elements", "<style>a</style><script>b</script><title>c</title>d", "d"],
  ] as const
) {
  Deno.test(`descriptionMarkdown() makes ${what} inert`, async () => {
    assertEquals(await modelPart(html), expected);
  });
}

Deno.test("descriptionMarkdown() writes facts verbatim but inert", async () => {
  const text = await descriptionMarkdown(sidecarFacts({
    modelName: "a\u202eb<script>",
    creator: "&lt;x&gt;",
    tags: ["![t](https://t.example)"],
    trainedWords: Array.from({ length: 200_000 }, () => "`").join(" ").split("  "),
  }));
  assertStringIncludes(text, "# ab\\<script\\>: v2.0");
  assertStringIncludes(text, "- Creator: \\&lt;x\\&gt;");
  assertStringIncludes(text, "- Tags: !\\[t\\](https://t.example)");
});

Deno.test("descriptionMarkdown() truncates a description above 1 Mi characters, with a note", async () => {
  const text = await modelPart(`<p>${"a".repeat(1 << 20)}</p><p>end</p>`);
  assert(!text.includes("end"));
  assert(text.endsWith("\n\n… truncated: see the page for the rest."));
});

Deno.test("descriptionMarkdown() yields to other work during a long description", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await modelPart("<div>".repeat(200_000));
  clearInterval(timer);
  assert(turns > 5, `${turns} turns`);
});

Deno.test("descriptionMarkdown() takes linear time for any description", async () => {
  const pieces = [
    ...[
      "<div>",
      "</div>",
      "<blockquote>",
      "<ul><li>",
      "<ol><li>a",
      "<table><tr><td>a",
      "<td>",
      "<b>",
      "<b>x</b><i>y</i>",
    ],
    ...["<script ", "<script>", "<!--", "<![CDATA[", "<a href='", "<a href=x>a", "<a x=1 ", "<img src=x>", "<pre>`"],
    ...["&lt;", "&", "&#x202e;", "<br>", "<p>a</p>", " \n", "_", "*", "`", "- ", "<", "\\"],
  ];
  for (const piece of pieces) {
    await assertLinearTime(modelPart, piece, { name: "descriptionMarkdown()", msPerKib: 1.5 });
  }
});
