import { assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };

for (const page of ["docs/guide/modules.md", "docs/ja/guide/modules.md"]) {
  Deno.test(`${page} begins with every export of deno.json`, async () => {
    const text = await Deno.readTextFile(new URL(`../../${page}`, import.meta.url));
    const [, lead = ""] = text.split("\n\n");
    assertEquals([...lead.matchAll(/`(\.[^`]*)`/g)].map(([, name]) => name), Object.keys(config.exports));
  });
}

for (const page of ["docs/guide/modules.md", "docs/ja/guide/modules.md"]) {
  Deno.test(`${page} shows docs/examples/alerts.ts, which a test runs`, async () => {
    const read = async (path: string) =>
      (await Deno.readTextFile(new URL(`../../${path}`, import.meta.url))).replaceAll(/ +\/\/ .*$/gm, "");
    const [text, example] = await Promise.all([read(page), read("docs/examples/alerts.ts")]);
    assertEquals(text.includes(`\`\`\`ts\n${example}\`\`\``), true);
  });
}
