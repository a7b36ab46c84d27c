import { assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };

for (const page of ["docs/guide/modules.md", "docs/ja/guide/modules.md"]) {
  Deno.test(`${page} begins with every export of deno.json`, async () => {
    const text = await Deno.readTextFile(new URL(`../../${page}`, import.meta.url));
    const [, lead = ""] = text.split("\n\n");
    assertEquals([...lead.matchAll(/`(\.[^`]*)`/g)].map(([, name]) => name), Object.keys(config.exports));
  });
}
