import { assertEquals } from "@std/assert";
import { a1111Json } from "../../lib/library/mod.ts";
import { sidecarFacts } from "./_facts.ts";

Deno.test("a1111Json() has the keys that A1111 and Forge know", async () => {
  const url = new URL("fixtures/lantern_fields_xl_v2.json", import.meta.url);
  const theirs = JSON.parse(await Deno.readTextFile(url)) as Record<string, unknown>;
  assertEquals(Object.keys(a1111Json(sidecarFacts())), Object.keys(theirs));
});

Deno.test("a1111Json() joins trained words so that none falls apart", () => {
  const join = (...trainedWords: readonly string[]): unknown =>
    a1111Json(sidecarFacts({ trainedWords }))["activation text"];
  assertEquals(join("a", "b"), "a, b");
  assertEquals(join("a", "b, c"), "a || b, c");
  assertEquals(join(), "");
});

Deno.test("a1111Json() names the base", () => {
  const table = [
    ["SD 1.5 LCM", "SD1"],
    ["SD 2.1", "SD2"],
    ["SD 3.5 Large", "SD3"],
    ["SDXL Lightning", "SDXL"],
    ["Pony", "SDXL"],
    ["Pony V7", "Unknown"],
    ["Illustrious", "SDXL"],
    ["Flux.1 D", "Unknown"],
  ] as const;
  for (const [baseModel, version] of table) {
    assertEquals(a1111Json(sidecarFacts({ baseModel }))["sd version"], version, baseModel);
  }
});

Deno.test("a1111Json() turns HTML into text", () => {
  const versionDescription =
    "<p>One &amp; <b>two</b><br>three&#33; &#x1F600; &bogus; &#9999999;</p><script>x()</script><ul><li>4</li></ul>";
  assertEquals(
    a1111Json(sidecarFacts({ versionDescription })).description,
    "One & two\nthree! 😀 &bogus; &#9999999;\n4",
  );
  assertEquals(a1111Json(sidecarFacts({ modelDescription: null })).description, "");
});
