import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { disambiguate, foldPath } from "../../../lib/library/mod.ts";

const takenBy = (...paths: readonly string[]): (folded: string) => boolean => {
  const keys = new Set(paths.map(foldPath));
  return (folded) => keys.has(folded);
};

Deno.test("disambiguate() keeps a free path", () => {
  assertEquals(disambiguate("a/x.pt", ["fp16"], takenBy()), "a/x.pt");
});

Deno.test("disambiguate() inserts the first unique hint before the extension", () => {
  assertEquals(disambiguate("a/x.pt", ["fp16", "77"], takenBy("A/X.pt")), "a/x [fp16].pt");
  assertEquals(disambiguate("a/x.pt", ["fp16", "77"], takenBy("a/x.pt", "a/X [FP16].pt")), "a/x [77].pt");
  assertEquals(disambiguate("x.tar.gz", ["", "Q8_0"], takenBy("x.tar.gz")), "x [Q8_0].tar.gz");
});

Deno.test("disambiguate() appends a number if every hint is taken", () => {
  assertEquals(disambiguate("x.pt", ["77"], takenBy("x.pt", "x [77].pt", "x [2].pt")), "x [3].pt");
  assertThrows(() => disambiguate("x.pt", [], () => true), RangeError, "free name");
});

Deno.test("disambiguate() sanitizes a hint and respects the length limits", () => {
  assertEquals(disambiguate("x.pt", ["a/../b"], takenBy("x.pt")), "x [a_.._b].pt");
  const long = `${"語".repeat(63)}.safetensors`;
  const name = disambiguate(`d/${long}`, ["fp16"], takenBy(`d/${long}`)).slice(2);
  assert(name.endsWith(" [fp16].safetensors"));
  assertLessOrEqual(new TextEncoder().encode(name).length, 215);
});
