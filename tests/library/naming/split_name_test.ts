import { assertEquals } from "@std/assert";
import { splitName } from "../../../lib/library/mod.ts";

Deno.test("splitName() splits before the extension, including compound ones", () => {
  const table = [
    ["a.safetensors", "a", ".safetensors"],
    ["a.b.PT", "a.b", ".PT"],
    ["a.tar.gz", "a", ".tar.gz"],
    ["a.civitai.info", "a", ".civitai.info"],
    ["a.preview.2.jpeg", "a", ".preview.2.jpeg"],
    ["a.metadata.json", "a", ".metadata.json"],
    ["model v1.0", "model v1.0", ""],
    ["model v1.0 final", "model v1.0 final", ""],
    ["noext", "noext", ""],
    [".safetensors", ".safetensors", ""],
    ["a.7z", "a", ".7z"],
    ["", "", ""],
  ] as const;
  for (const [name, stem, ext] of table) assertEquals(splitName(name), { stem, ext }, name);
});
