import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { listPages } from "../../../scripts/_site/list_pages.ts";
import { leadOf, renderLlmsFull, renderLlmsText } from "../../../scripts/_site/llms_text.ts";
import { siteSettings } from "../../../scripts/_site/site_settings.ts";
import { stagePage } from "../../../scripts/_site/stage_page.ts";

const FILES: Readonly<Record<string, string>> = {
  "README.md": "# tool\n\nIt keeps a library.\n\n[日本語](README.ja.md) [a](docs/a.md#two) [license](LICENSE)\n",
  "README.ja.md": "# tool\n\nライブラリを保ちます。\n\n[English](README.md) [a](docs/a.md)\n",
  "SECURITY.md": "# Security\n\n[日本語](SECURITY.ja.md) [a](docs/a.md)\n",
  "SECURITY.ja.md":
    "<!-- deno-fmt-ignore-file -->\n\n# セキュリティ\n\n守ります。\n\n[English](SECURITY.md) [b](docs/ja/runbook/b.md)\n",
  "docs/a.md":
    "# Page A\n\nIt says: one. And two.\n\n## Two\n\n[b](runbook/b.md) ![p](images/p.png) [x](../lib/x.ts) [r](runbook/)\n\n[t](runbook/b.md#then)\n",
  "docs/runbook/README.md": "# Runbook\n\n[b](b.md) [Japanese](../ja/runbook/b.md)\n",
  "docs/runbook/b.md": "# `b`: broken\n\n[a](../a.md)\n\n## Then\n",
  "docs/ja/runbook/b.md": "# b: 故障\n\n[a](../../a.md) [English](../../runbook/b.md)\n\n## 対処\n",
};
const GROUPS = [{
  title: { en: "All", ja: "すべて" },
  pages: ["a.md", "runbook/README.md", "runbook/b.md", "../SECURITY.md"],
}];
const read = (path: string) => Promise.resolve(FILES[path]);

async function staged(path: string): Promise<{ readonly html: string; readonly markdown: string }> {
  const pages = (await listPages(GROUPS, read)).flatMap((
    { home, groups },
  ) => [home, ...groups.flatMap((g) => g.pages)]);
  const page = pages.find((one) => one.path === path);
  assert(page !== undefined, pages.map((one) => one.path).join("\n"));
  return stagePage(page, pages);
}

Deno.test("listPages() has every page in every language, in English where there is no translation", async () => {
  const editions = await listPages(GROUPS, read);
  assertEquals(
    editions.map(({ home, groups }) => [home, ...groups[0]!.pages].map(({ path, written }) => `${path} ${written}`)),
    [
      ["index.md en", "a.md en", "runbook/index.md en", "runbook/b.md en", "SECURITY.md en"],
      ["ja/index.md ja", "ja/a.md en", "ja/runbook/index.md en", "ja/runbook/b.md ja", "ja/SECURITY.md ja"],
    ],
  );
  const missing = [{ title: { en: "All", ja: "すべて" }, pages: ["none.md"] }];
  await assertRejects(() => listPages(missing, read), Deno.errors.NotFound, '"docs/none.md"');
});

Deno.test("stagePage() leads links to the pages of the same language, and others to the repository", async () => {
  const { html, markdown } = await staged("a.md");
  assertStringIncludes(markdown, "[b](./runbook/b.md) ![p](./images/p.png)");
  assertStringIncludes(markdown, "[x](https://github.com/civitai-dl/civitai-dl/blob/main/lib/x.ts)");
  assertStringIncludes(markdown, "[r](./runbook/index.md)");
  assertStringIncludes(markdown, "## Two\n");
  assertStringIncludes(html, "## Two {#two}\n");
  const home = (await staged("index.md")).markdown;
  assertStringIncludes(home, "[日本語](./ja/index.md) [a](./a.md#two)");
  assertStringIncludes(home, "[license](https://github.com/civitai-dl/civitai-dl/blob/main/LICENSE)");
  const japanese = (await staged("ja/runbook/b.md")).markdown;
  assertStringIncludes(japanese, "[a](../a.md) [English](../../runbook/b.md)");
  assertStringIncludes((await staged("ja/index.md")).markdown, "[English](../index.md) [a](./a.md)");
  assertStringIncludes((await staged("SECURITY.md")).markdown, "[日本語](./ja/SECURITY.md) [a](./a.md)");
  assertStringIncludes((await staged("ja/SECURITY.md")).markdown, "[English](../SECURITY.md) [b](./runbook/b.md)");
});

Deno.test("stagePage() says that a page has no translation, and leads on to those that have", async () => {
  const { markdown } = await staged("ja/a.md");
  assertStringIncludes(markdown, "# Page A\n\n> このページはまだ日本語に訳されていません");
  assertStringIncludes(markdown, "[b](./runbook/b.md) ![p](../images/p.png)");
});

Deno.test("stagePage() leads a link with an anchor to the same heading of the translation", async () => {
  assertStringIncludes((await staged("a.md")).markdown, "[t](./runbook/b.md#then)");
  assertStringIncludes((await staged("ja/a.md")).markdown, "[t](./runbook/b.md#対処)");
});

Deno.test("renderLlmsText() lists what is written, each with its first sentence", async () => {
  const editions = await listPages(GROUPS, read);
  const text = renderLlmsText(editions, "https://example.org/t/");
  assertStringIncludes(text, "# civitai-dl\n\n> It keeps a library.\n");
  assertStringIncludes(text, "- [Page A](https://example.org/t/a.md): It says.\n");
  assertStringIncludes(text, "- [b: 故障](https://example.org/t/ja/runbook/b.md)\n");
  assertStringIncludes(text, "- [セキュリティ](https://example.org/t/ja/SECURITY.md): 守ります。\n");
  assert(!text.includes("ja/a.md"), "a page in English only is listed once");
  const full = renderLlmsFull(editions[0]!, new Map([["index.md", "I"], ["a.md", "A"], ["runbook/b.md", "B"]]));
  assertStringIncludes(full, "<!-- a.md -->\n\nA\n");
});

Deno.test("leadOf() is the first sentence after the title, without Markdown", () => {
  assertEquals(leadOf({ text: "# T\n\n![p](x.png)\n\nThe `a.b` of [c](d.md)\nends. More.\n" }), "The a.b of c ends.");
  assertEquals(leadOf({ text: "# T\n\n一つ目です。二つ目です。\n" }), "一つ目です。");
  assertEquals(leadOf({ text: "# T\n\n| a |\n" }), "");
});

Deno.test("siteSettings() links without endings, and closes long groups", async () => {
  const [english, japanese] = siteSettings(await listPages(GROUPS, read));
  assertEquals(english!.sidebar[0], { text: "tool", link: "/" });
  assertEquals(english!.sidebar[1]!.items!.map(({ link }) => link), ["/a", "/runbook/", "/runbook/b", "/SECURITY"]);
  assertEquals(japanese!.sidebar[1]!.text, "すべて");
  assertEquals(japanese!.sidebar[1]!.items![2], { text: "b: 故障", link: "/ja/runbook/b" });
});
