import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { parseChecksums } from "../../../lib/release/published/checksums.ts";
import { formatReleaseDocument, parseReleaseDocument } from "../../../lib/release/published/release_document.ts";

const DOCUMENT = {
  tag: "v1.1.0",
  commit: "a".repeat(40),
  catalogVersion: 3,
  files: [{ name: "civitai-dl.js", sizeBytes: 7 }],
};

Deno.test("parseReleaseDocument() ignores what a later version adds, and refuses another form", () => {
  const text = formatReleaseDocument(DOCUMENT);
  assertEquals(parseReleaseDocument(text, "v1.1.0"), DOCUMENT);
  assertEquals(parseReleaseDocument(JSON.stringify({ ...JSON.parse(text), later: 1 }), "v1.1.0"), DOCUMENT);
  for (const change of [{ version: 2 }, { commit: "main" }, { files: [{ name: "x", sizeBytes: 0 }] }]) {
    const other = JSON.stringify({ ...JSON.parse(text), ...change });
    assertThrows(() => parseReleaseDocument(other, "v1.1.0"), KitError, "Cannot read release.json of v1.1.0");
  }
  assertThrows(() => parseReleaseDocument("<html>", "v1.1.0"), KitError);
});

Deno.test("parseChecksums() reads the forms of sha256sum, and nothing else", () => {
  const sha256 = "0".repeat(64);
  const text = `# comment\n${sha256}  a.js\n${sha256} *b.exe\r\n${sha256}  ./c d\n${sha256}\nshort  e\n`;
  assertEquals(parseChecksums(text).map(({ name }) => name), ["a.js", "b.exe", "c d"]);
});
