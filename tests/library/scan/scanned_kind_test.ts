import { assertEquals } from "@std/assert";
import { hasModelEnding } from "../../../lib/library/mod.ts";
import { scannedKindOf } from "../../../lib/library/scan/scanned_kind.ts";

Deno.test("hasModelEnding() recognizes what user interfaces load, in any letter case", () => {
  for (const name of ["a.safetensors", "a.ONNX", "a.v1.0.ckpt", "a.bin", "a.pt2", "a.yaml"]) {
    assertEquals([hasModelEnding(name), scannedKindOf(name)], [true, "model"], name);
  }
});

Deno.test("hasModelEnding() recognizes no other files", () => {
  for (const name of ["a.json", "a.txt", "a.jpeg", "a.onnx.part", "onnx", ".onnx", "a.constructor"]) {
    assertEquals(hasModelEnding(name), false, name);
  }
});

Deno.test("scannedKindOf() tells pictures, sidecars and files to skip from models", () => {
  const kinds = ["a.JPG", "a.preview.2.webp", "a.wav", "a.civitai.info", "a.json", "a.onnx.part"].map(scannedKindOf);
  assertEquals(kinds, ["picture", "picture", "picture", "sidecar", "model", null]);
});
