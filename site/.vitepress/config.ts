// Settings of VitePress. `deno task site` writes the pages to site/pages, with the navigation in site/pages/site.json.
import { readFileSync } from "node:fs";

const PAGES = new URL("../pages/", import.meta.url).pathname;
const { base, repository, editions } = JSON.parse(readFileSync(`${PAGES}site.json`, "utf8"));
const [english, japanese] = editions.map(({ sidebar }: { sidebar: unknown }) => sidebar);

/** Words of a text for the search. Japanese has no spaces between words. Runs in the browser too, so it uses nothing else. */
function tokenize(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of new Intl.Segmenter("ja", { granularity: "word" }).segment(text)) {
    if (isWordLike) words.push(segment);
  }
  return words;
}

/** Renders one token of a page. */
type Renderer = (...args: readonly unknown[]) => string;

/** Keep Vue from evaluating the braces of texts such as {{value}}. It leaves those of code alone by itself. */
function keepBraces({ renderer: { rules } }: { renderer: { rules: Record<string, Renderer> } }): void {
  const render = rules.text!;
  rules.text = (...args) => render(...args).replaceAll("{{", "<span v-pre>{{</span>");
}

export default {
  title: "civitai-dl",
  base,
  srcDir: PAGES,
  outDir: new URL("../../dist/site", import.meta.url).pathname,
  cacheDir: new URL("./cache", import.meta.url).pathname,
  // Where it is not built from a commit there are no dates, and the API is added afterwards.
  lastUpdated: false,
  ignoreDeadLinks: [/(^|\/)api\//],
  metaChunk: true,
  markdown: { config: keepBraces },
  locales: {
    root: {
      label: "English",
      lang: "en",
      description: "Keeps a local library of Civitai models and images complete, verified and sorted",
      themeConfig: {
        sidebar: english,
        editLink: { pattern: `${base}:path`, text: "This page as Markdown" },
        nav: [
          { text: "Guides", link: "/guide/start", activeMatch: "^/guide/" },
          { text: "Commands", link: "/commands" },
          { text: "Runbook", link: "/runbook/" },
          { text: "API", link: "/api/index.html", target: "_self" },
        ],
      },
    },
    ja: {
      label: "日本語",
      lang: "ja",
      description: "Civitai のモデルと画像をローカルに保存し、抜け漏れのない、検証・整理済みの状態に保つツール",
      themeConfig: {
        sidebar: japanese,
        editLink: { pattern: `${base}:path`, text: "このページの Markdown" },
        nav: [
          { text: "ガイド", link: "/ja/guide/start", activeMatch: "^/ja/guide/" },
          { text: "コマンド", link: "/ja/commands" },
          { text: "ランブック", link: "/ja/runbook/" },
          { text: "API", link: "/api/index.html", target: "_self" },
        ],
        outline: { label: "このページの内容", level: [2, 3] },
        docFooter: { prev: "前のページ", next: "次のページ" },
        darkModeSwitchLabel: "外観",
        sidebarMenuLabel: "メニュー",
        returnToTopLabel: "先頭へ戻る",
        langMenuLabel: "言語を切り替える",
        skipToContentLabel: "本文へ移動",
      },
    },
  },
  themeConfig: {
    outline: { level: [2, 3] },
    socialLinks: [{ icon: "github", link: repository }],
    search: {
      provider: "local",
      options: {
        miniSearch: { options: { tokenize } },
        locales: {
          ja: {
            translations: {
              button: { buttonText: "検索", buttonAriaLabel: "検索" },
              modal: {
                noResultsText: "一致する結果がありません:",
                resetButtonTitle: "消去",
                footer: { selectText: "開く", navigateText: "移動", closeText: "閉じる" },
              },
            },
          },
        },
      },
    },
  },
};
