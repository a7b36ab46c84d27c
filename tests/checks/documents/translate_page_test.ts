import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parsePageTexts } from "../../../checks/documents/page_texts.ts";
import { translatePage, type TranslatePageOptions } from "../../../checks/documents/translate_page.ts";
import { KitError } from "../../../lib/base/mod.ts";
import { ConfigError } from "../../../lib/config/mod.ts";

/** Translate a page with texts that are given as pairs. */
function translate(
  markdown: string,
  texts: Readonly<Record<string, string>>,
  options: Partial<TranslatePageOptions> = {},
): string {
  const entries = Object.entries(texts).map(([en, ja]) => ({ en, ja }));
  return translatePage(markdown, { file: "docs/ja/a.yml", entries }, { page: "docs/a.md", ...options });
}

Deno.test("translatePage() replaces headings, paragraphs that wrap, items and cells", () => {
  const page = [
    "# Keys of *it*",
    "",
    "One sentence that",
    "wraps.",
    "",
    "- An item",
    "  that wraps too",
    "- [`x`](#x)",
    "   1. Inner",
    "",
    "## Table",
    "A paragraph below.",
    "",
    "| key     | meaning |",
    "| ------- | :-----: |",
    "| `a`     | Long    |",
    "| `b\\|c` | x \\| y |",
    "| 5       |         |",
    "",
  ].join("\n");
  const texts = {
    "Keys of *it*": "*それ*のキー",
    "One sentence that wraps.": "折り返す文です。",
    "An item that wraps too": "折り返す項目",
    "Inner": "内側",
    "Table": "表",
    "A paragraph below.": "下の段落です。",
    "key": "キー",
    "meaning": "意味",
    "Long": "長い",
    "x | y": "x か y | z",
    "[`x`](#x)": "[`x`](#x)",
  };
  assertEquals(
    translate(page, texts),
    [
      "# *それ*のキー",
      "",
      "折り返す文です。",
      "",
      "- 折り返す項目",
      "- [`x`](#x)",
      "   1. 内側",
      "",
      "## 表",
      "下の段落です。",
      "",
      "| キー | 意味 |",
      "| --- | :---: |",
      "| `a` | 長い |",
      "| `b\\|c` | x か y \\| z |",
      "| 5 | |",
      "",
    ].join("\n"),
  );
});

Deno.test("translatePage() keeps code blocks, code, flags, numbers and names", () => {
  const page = [
    "# list",
    "",
    "```sh",
    "# A comment",
    "civitai-dl list | wc -l",
    "```",
    "",
    "`a b`, `c`",
    "",
    "--no-color, -o",
    "",
    "| 1.5 | list, self-test |",
  ].join("\n");
  assertEquals(translate(page, {}, { names: ["list", "self-test"] }), page);
  assertThrows(
    () => translate(page, {}, { names: ["list"] }),
    KitError,
    'there is no Japanese text for "list, self-test"',
  );
});

Deno.test("translatePage() fills set phrases in the columns of values and notes only", () => {
  const page = (meaning: string) =>
    `| flag | what it does | notes |\n| --- | --- | --- |\n| \`-a\` | ${meaning} | ` +
    "from 1 to 5; default a, b; from 1; repeatable |";
  const texts = {
    "flag": "フラグ",
    "what it does": "意味",
    "notes": "備考",
    "from {}": "{} 以上",
    "from {} to {}": "{} から {}",
    "default {}": "既定 {}",
    "repeatable": "複数可",
  };
  assertStringIncludes(
    translate(page("Other"), { ...texts, Other: "ほか" }),
    "| ほか | 1 から 5; 既定 a, b; 1 以上; 複数可 |",
  );
  const notes = (text: string) => `| notes |\n| --- |\n| ${text} |`;
  const own = { "notes": "備考", "default {}": "既定 {}" };
  assertStringIncludes(
    translate(notes('default "a b, c"; default Highest Rated, `x y`'), own),
    '| 既定 "a b, c"; 既定 Highest Rated, `x y` |',
  );
  assertThrows(
    () => translate(notes("default of the host"), own),
    KitError,
    'no Japanese text for "default of the host"',
  );
  assertThrows(() => translate(page("default one"), texts), KitError, 'there is no Japanese text for "default one"');
  // Braces in a text are its own.
  assertStringIncludes(translate(page("Set {}"), { ...texts, "Set {}": "{} を設定" }), "| {} を設定 |");
});

Deno.test("translatePage() names all texts that are missing and all that are not in the page", () => {
  const page = "# Title\n\nNew text.\n\n| New cell |\n";
  const error = assertThrows(() => translate(page, { "Old text.": "古い文です。", "Title": "題" }), KitError);
  assertEquals(
    error.message,
    'Cannot translate "docs/a.md": there is no Japanese text for "New text."; there is no Japanese text for "New cell"; ' +
      '"Old text." is not in the page',
  );
  assertEquals(error.hint, "Add or remove them in docs/ja/a.yml");
});

Deno.test("translatePage() takes texts of another page, which need not be in this one", () => {
  const shared = { file: "docs/ja/b.yml", entries: [{ en: "One", ja: "二" }, { en: "Two", ja: "二" }] };
  assertEquals(translate("# One\n\nTwo\n", { One: "一" }, { shared }), "# 一\n\n二\n");
  const other = { file: "docs/ja/b.yml", entries: [{ en: "Three", ja: "三" }] };
  assertEquals(translate("# One\n", { One: "一" }, { shared: other }), "# 一\n");
});

Deno.test("translatePage() leads links to Japanese twins, and others to the English pages", () => {
  const pages = ["README.ja.md", "docs/ja/guide/b.md", "docs/c.md"];
  const texts = {
    Links: "[b](guide/b.md#b) [c](c.md) [r](../README.md) [s](../x.json) [h](#h) [w](https://x.example/)",
  };
  assertEquals(
    translate("# Links\n", texts, { pages }),
    "# [b](guide/b.md#b) [c](../c.md) [r](../../README.ja.md) [s](../../x.json) [h](#h) [w](https://x.example/)\n",
  );
});

Deno.test("parsePageTexts() reads pairs, and joins lines", () => {
  const text = '- en: >-\n    Two\n    lines\n  ja: 二行\n- en: "default {}"\n  ja: 既定 {}\n';
  assertEquals(parsePageTexts(text, "a.yml"), {
    file: "a.yml",
    entries: [{ en: "Two lines", ja: "二行" }, { en: "default {}", ja: "既定 {}" }],
  });
});

for (
  const [what, text, message] of [
    ["a text that is there twice", "- en: A\n  ja: あ\n- en: A\n  ja: い\n", 'a.yml:3:7: "A" is there twice'],
    ["a lost placeholder", "- en: '{} to {}'\n  ja: '{} 以下'\n", "a.yml:2:7: {} is missing"],
    ["a lost code span", "- en: Run `a`\n  ja: 実行します\n", "a.yml:2:7: `a` is missing"],
    ["a pair without Japanese", "- en: A\n", '"ja" is missing'],
    ["an unknown key", "- en: A\n  ja: あ\n  fr: à\n", 'unknown key "fr"'],
    ["an empty file", "", "a.yml"],
  ] as const
) {
  Deno.test(`parsePageTexts() refuses ${what}`, () => {
    assertStringIncludes(assertThrows(() => parsePageTexts(text, "a.yml"), ConfigError).message, message);
  });
}
