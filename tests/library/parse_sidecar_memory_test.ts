import { assertEquals } from "@std/assert";
import { mergeSidecar, parseSidecarMemory } from "../../lib/library/mod.ts";

Deno.test("parseSidecarMemory() reads back what was stored", () => {
  const { memory } = mergeSidecar(null, { a: 1, b: { c: 2 } });
  assertEquals(parseSidecarMemory(JSON.stringify(memory)), memory);
});

Deno.test("parseSidecarMemory() knows nothing of what is damaged", () => {
  for (const text of [null, "", "{", "null", "[]", '{"a":1}', '"x"']) assertEquals(parseSidecarMemory(text), null);
});
