import { assert, assertStringIncludes } from "@std/assert";
import { createRequire } from "node:module";
import { descriptionMarkdown, prepareDescriptions } from "../../lib/library/mod.ts";
import { sidecarFacts } from "./_facts.ts";

Deno.test("prepareDescriptions() has the converter in memory before the first description", async () => {
  await prepareDescriptions();
  assert(Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes("node-html-markdown")));
});

Deno.test("descriptionMarkdown() tells what it is and in the creator's words what it does", async () => {
  const text = await descriptionMarkdown(sidecarFacts({ versionDescription: "<ul><li>fixed hands</li></ul>" }));
  assertStringIncludes(text, "# Lantern Fields XL: v2.0\n");
  assertStringIncludes(text, "- Published: 2026-06-11\n");
  assertStringIncludes(text, "<https://civitai.com/models/3100001?modelVersionId=2900101>");
  assertStringIncludes(text, "- Trained words: `lntrnflds`");
  assertStringIncludes(text, "Warm **light**.");
  assertStringIncludes(text, "* fixed hands");
  assert(text.endsWith("\n"));
});

Deno.test("descriptionMarkdown() leaves out what is not there", async () => {
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
