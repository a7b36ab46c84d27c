import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mergeSidecar } from "../../../lib/library/mod.ts";

const parse = (text: string | null): unknown => JSON.parse(text ?? "null");

Deno.test("mergeSidecar() writes everything to a new file", () => {
  for (const existing of [null, "", "\n", "\0\0\0\0"]) {
    const merge = mergeSidecar(existing, { a: 1, b: { c: [1] } });
    assertEquals(merge.status, "created");
    assertEquals(parse(merge.content), { a: 1, b: { c: [1] } });
    assertEquals(Object.keys(merge.memory), ["/a", "/b/c"]);
  }
});

Deno.test("mergeSidecar() adds missing fields and keeps unknown ones at any depth", () => {
  const merge = mergeSidecar('{"x":1,"model":{"note":"mine"}}', { y: 2, model: { name: "M" } });
  assertEquals(merge.status, "updated");
  assertEquals(parse(merge.content), { x: 1, model: { note: "mine", name: "M" }, y: 2 });
});

Deno.test("mergeSidecar() never overwrites foreign values", () => {
  const merge = mergeSidecar('{"preferred weight": 0.7}', { "preferred weight": 0 });
  assertEquals(merge.status, "unchanged");
  assertEquals(merge.content, null);
});

Deno.test("mergeSidecar() updates only its own values", () => {
  const first = mergeSidecar(null, { name: "old", weight: 0 });
  const edited = first.content!.replace('"weight": 0', '"weight": 0.7');
  const second = mergeSidecar(edited, { name: "new", weight: 0.5 }, { previous: first.memory });
  assertEquals(parse(second.content), { name: "new", weight: 0.7 });
});

Deno.test("mergeSidecar() corrects facts whoever wrote them, but adds none that was deleted", () => {
  const facts = ["/sha256", "/deep/files"];
  const ours = { sha256: "new", notes: "ours", deep: { files: [2] } };
  const merge = mergeSidecar('{"sha256":"old","notes":"mine","deep":{"files":[1]}}', ours, { facts });
  assertEquals(JSON.parse(merge.content!), { sha256: "new", notes: "mine", deep: { files: [2] } });
  const { memory } = mergeSidecar(null, ours);
  assertEquals(mergeSidecar('{"deep":{}}', ours, { previous: memory, facts }).content, null);
});

Deno.test("mergeSidecar() does not take over a field that was edited and set back", () => {
  const first = mergeSidecar(null, { weight: 0 });
  const second = mergeSidecar('{"weight":0.7}', { weight: 0 }, { previous: first.memory });
  const third = mergeSidecar('{"weight":0}', { weight: 1 }, { previous: second.memory });
  assertEquals(third.status, "unchanged");
});

Deno.test("mergeSidecar() does not own an equal foreign field", () => {
  const first = mergeSidecar('{"name":"same"}', { name: "same" });
  assertEquals(first.memory, {});
  assertEquals(mergeSidecar('{"name":"same"}', { name: "other" }, { previous: first.memory }).status, "unchanged");
});

Deno.test("mergeSidecar() omits its own fields that were deleted", () => {
  const first = mergeSidecar(null, { a: 1, deep: { b: 2 } });
  const second = mergeSidecar("{}", { a: 1, deep: { b: 2 }, c: 3 }, { previous: first.memory });
  assertEquals(parse(second.content), { c: 3 });
});

Deno.test("mergeSidecar() keeps a file that is not a JSON object", () => {
  for (const existing of ["{", "null", "[1]", '"text"', "<html>", "{a:1}"]) {
    const merge = mergeSidecar(existing, { a: 1 }, { previous: { "/a": "x" } });
    assertEquals([merge.status, merge.content], ["kept", null], existing);
    assert(merge.reason !== null);
    assertEquals(merge.memory, { "/a": "x" });
  }
});

Deno.test("mergeSidecar() writes foreign numbers unchanged", () => {
  const merge = mergeSidecar('{"seed":12345678901234567891,"modified":1781172000.0,"e":1e400}', { a: 1 });
  assertStringIncludes(merge.content!, '"seed": 12345678901234567891');
  assertStringIncludes(merge.content!, '"modified": 1781172000.0');
  assertStringIncludes(merge.content!, '"e": 1e400');
});

Deno.test("mergeSidecar() keeps the indentation, accepts a BOM and leaves an up-to-date file unchanged", () => {
  assertStringIncludes(mergeSidecar('{\n    "x": 1\n}', { a: 1 }).content!, '\n    "a": 1');
  assertStringIncludes(mergeSidecar('\uFEFF{\r\n\t"x": 1\r\n}', { a: 1 }).content!, '\n\t"a": 1');
  assertEquals(mergeSidecar('{"b":2,   "a":1}', { a: 1, b: 2 }).content, null);
});

Deno.test("mergeSidecar() accepts keys that are special in JavaScript or JSON pointers", () => {
  const merge = mergeSidecar('{"__proto__":{"x":1},"a/b":1}', JSON.parse('{"__proto__":{"y":2},"a":{"b":3},"~":1}'));
  assertEquals(merge.content!.replace(/\s/g, ""), '{"__proto__":{"x":1,"y":2},"a/b":1,"a":{"b":3},"~":1}');
  assertEquals(Object.keys(merge.memory).sort(), ["/__proto__/y", "/a/b", "/~0"]);
});

Deno.test("mergeSidecar() merges lists of objects by their id", () => {
  const existing = '[{"id":2,"rating":5},{"note":"no id"},{"id":1}]';
  const merge = mergeSidecar(existing, [{ id: 2, url: "u" }, { id: 10 }]);
  assertEquals(parse(merge.content), [{ id: 2, rating: 5, url: "u" }, { note: "no id" }, { id: 1 }, { id: 10 }]);
  assertEquals(mergeSidecar('{"images":[]}', [{ id: 1 }]).status, "kept");
});

Deno.test("mergeSidecar() keeps a foreign value of another shape", () => {
  assertEquals(mergeSidecar('{"model":"text","tags":{"a":1}}', { model: { name: "M" }, tags: ["a"] }).content, null);
});

Deno.test("mergeSidecar() keeps foreign rows whose ids are neither texts nor numbers", () => {
  const existing = '[{"id":{"toString":1,"valueOf":1},"a":1},{"id":[2]},{"id":null},{"id":2}]';
  const merge = mergeSidecar(existing, [{ id: 2, url: "u" }]);
  assertEquals(parse(merge.content), [...JSON.parse(existing).slice(0, 3), { id: 2, url: "u" }]);
});

Deno.test("mergeSidecar() keeps deeply nested foreign values, and a file too deep to read", () => {
  const nest = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
  const merge = mergeSidecar(`{"stats":${nest(1000)},"theirs":${nest(1000)}}`, { stats: { a: 2 }, ours: 1 });
  assertEquals(merge.content?.replace(/\s/g, ""), `{"stats":${nest(1000)},"theirs":${nest(1000)},"ours":1}`);
  assertEquals(mergeSidecar(`{"theirs":${nest(100_000)}}`, { ours: 1 }).status, "kept");
});
