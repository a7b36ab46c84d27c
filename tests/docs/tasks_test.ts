import { assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };

/** The headings of the groups of `deno task`, by page. */
const PAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "docs/tasks.md": {
    "Library": "Library",
    "Operation": "Operation",
    "Program": "Program",
    "Maintenance": "Maintenance",
    "This repository": "This repository",
  },
  "docs/ja/tasks.md": {
    "Library": "ライブラリ",
    "Operation": "運用",
    "Program": "プログラム",
    "Maintenance": "保守",
    "This repository": "このリポジトリ",
  },
};

for (const [page, headings] of Object.entries(PAGES)) {
  Deno.test(`${page} names every task of deno.json, in the groups and the order of deno task`, async () => {
    const wanted: Record<string, string[]> = {};
    for (const [name, { description }] of Object.entries(config.tasks)) {
      const group = description.slice(0, description.indexOf(": "));
      (wanted[headings[group] ?? group] ??= []).push(name);
    }
    const [, ...sections] = (await Deno.readTextFile(new URL(`../../${page}`, import.meta.url))).split("\n## ");
    const named = sections.map((section) => {
      const names = [...section.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name!);
      return [section.split("\n", 1)[0]!, names] as const;
    });
    assertEquals(named, Object.entries(wanted));
  });
}
