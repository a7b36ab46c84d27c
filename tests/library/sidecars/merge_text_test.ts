import { assertEquals } from "@std/assert";
import { mergeText } from "../../../lib/library/mod.ts";

Deno.test("mergeText() replaces only its own text", () => {
  const first = mergeText(null, "one");
  assertEquals([first.status, first.content], ["created", "one"]);
  assertEquals(mergeText("one", "two", first.memory).content, "two");
  assertEquals(mergeText("one", "one", first.memory).status, "unchanged");
  const edited = mergeText("one, edited", "two", first.memory);
  assertEquals([edited.status, edited.content, edited.memory], ["kept", null, {}]);
});

Deno.test("mergeText() keeps an earlier text", () => {
  assertEquals(mergeText("theirs", "ours").status, "kept");
  assertEquals(mergeText("same", "same").memory, {});
});
