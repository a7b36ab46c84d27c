import { assert, assertEquals } from "@std/assert";
import { expectedFormats } from "../../../lib/library/content/expected_formats.ts";

Deno.test("expectedFormats() uses the last extension in any letter case", () => {
  assertEquals(expectedFormats("a.b.SafeTensors"), ["safetensors"]);
  assertEquals(expectedFormats("a.ckpt"), ["zip", "pickle", "tar"]);
  assertEquals(expectedFormats("a.onnx"), ["onnx"]);
  assert(expectedFormats("x.preview.2.jpeg")!.includes("webp"));
  assert(!expectedFormats("x.mp4")!.includes("jpeg"));
});

Deno.test("expectedFormats() is null for other names", () => {
  for (const name of ["a.bin", "a", "", "a.v1.0", "a.constructor"]) assertEquals(expectedFormats(name), null, name);
});
