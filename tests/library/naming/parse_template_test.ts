import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { parseTemplate } from "../../../lib/library/mod.ts";

Deno.test("parseTemplate() splits a template into words and text", () => {
  assertEquals(parseTemplate("{creator}/{model}_{fp|any}/{file}"), [
    [{ field: "creator", fallback: null }],
    [{ field: "model", fallback: null }, "_", { field: "fp", fallback: "any" }],
    [{ field: "file", fallback: null }],
  ]);
});

Deno.test("parseTemplate() makes no folder from a slash in a default", () => {
  assertEquals(parseTemplate("{tag|a/b}/{file}").length, 2);
});

Deno.test("parseTemplate() suggests the closest word", () => {
  const error = assertThrows(() => parseTemplate("{creatr}/{file}"), KitError, 'unknown word "creatr"');
  assertEquals(error.code, "usage");
  assertEquals(error.hint, 'Did you mean "{creator}"?');
  const far = assertThrows(() => parseTemplate("{qqqqqqqqqq}/{file}"), KitError);
  assertStringIncludes(far.hint!, "base_model");
});

Deno.test("parseTemplate() refuses paths outside the library", () => {
  const bad = [
    "/abs/{file}",
    "\\x",
    "C:/x",
    "~/x",
    "../{file}",
    "a/../{file}",
    "a//b",
    "a/",
    "",
    " /x",
    "a\\b",
    "./x",
    "...",
  ];
  for (const text of bad) {
    const error = assertThrows(() => parseTemplate(text), KitError, "Cannot use path template", text);
    assertEquals(error.code, "usage");
  }
});

Deno.test("parseTemplate() refuses a template that gives the files of a version one name", () => {
  for (const text of ["{type}", "models/{creator}/{model}_{version}", "{version_id}.{ext}"]) {
    const error = assertThrows(() => parseTemplate(text), KitError, `Cannot use path template "${text}"`);
    assertEquals(error.code, "usage");
    assertStringIncludes(error.message, "{file} is missing, and so are {stem} and {file_id}");
    assertEquals(error.hint, `Write "${text}/{file}"`);
  }
  for (const text of ["{file}", "{model}_{file_id}", "{stem} {version}"]) parseTemplate(text);
});

Deno.test("parseTemplate() refuses an unclosed brace", () => {
  for (const text of ["{file", "file}", "{a{file}}"]) {
    assertThrows(() => parseTemplate(text), KitError, undefined, text);
  }
});
