import { assertEquals } from "@std/assert";
import { asIs, inBoth, sayDuration } from "../../lib/base/mod.ts";

Deno.test("sayDuration() has the units of each language", () => {
  assertEquals(sayDuration(95_000), { en: "1m 35s", ja: "1 分 35 秒" });
  assertEquals(sayDuration(850), { en: "850ms", ja: "850 ミリ秒" });
  assertEquals(sayDuration(90_000_000), { en: "1d 1h", ja: "1 日 1 時間" });
});

Deno.test("inBoth() says each language by itself, and asIs() keeps a text", () => {
  assertEquals(inBoth((language) => `(${language})`), { en: "(en)", ja: "(ja)" });
  assertEquals(asIs("/a"), { en: "/a", ja: "/a" });
});
