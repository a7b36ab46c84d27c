import { assertEquals } from "@std/assert";
import { a1111Json } from "../../../lib/library/mod.ts";
import { assertLinearTime } from "../../helpers/assert_linear_time.ts";
import { sidecarFacts } from "../../helpers/library/facts.ts";

Deno.test("a1111Json() has the keys of A1111 and Forge", async () => {
  const url = new URL("../fixtures/lantern_fields_xl_v2.json", import.meta.url);
  const theirs = JSON.parse(await Deno.readTextFile(url)) as Record<string, unknown>;
  assertEquals(Object.keys(await a1111Json(sidecarFacts())), Object.keys(theirs));
});

Deno.test("a1111Json() joins trained words without splitting any", async () => {
  const join = async (...trainedWords: readonly string[]): Promise<unknown> =>
    (await a1111Json(sidecarFacts({ trainedWords })))["activation text"];
  assertEquals(await join("a", "b"), "a, b");
  assertEquals(await join("a", "b, c"), "a || b, c");
  assertEquals(await join(), "");
});

Deno.test("a1111Json() names the base model", async () => {
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
    assertEquals((await a1111Json(sidecarFacts({ baseModel })))["sd version"], version, baseModel);
  }
});

async function textOf(versionDescription: string): Promise<unknown> {
  return (await a1111Json(sidecarFacts({ versionDescription }))).description;
}

Deno.test("a1111Json() converts HTML to text", async () => {
  assertEquals(
    await textOf(
      "<p>One &amp; <b>two</b><br>three&#33; &#x1F600; &bogus; &#9999999;</p><script>x()</script><ul><li>4</li></ul>",
    ),
    "One & two\nthree! 😀 &bogus; \ufffd\n4",
  );
  assertEquals((await a1111Json(sidecarFacts({ modelDescription: null }))).description, "");
});

Deno.test("a1111Json() removes invisible and control characters in any notation", async () => {
  assertEquals(await textOf("a\u202eb&#x202e;c&#27;[31md\u200be<p title='>'>f</p>"), "abcdef");
});

Deno.test("a1111Json() takes linear time for any description", async () => {
  for (
    const piece of ["<script ", "<script>", "<style></styl", "<", "&", "&#", "<div>", " \n", "<!--", "<a b='", "</"]
  ) {
    await assertLinearTime(textOf, piece, { name: "a1111Json()" });
  }
});
