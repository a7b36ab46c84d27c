import { assertEquals } from "@std/assert";
import { LruMap } from "../../lib/sandbox/_lru_map.ts";

Deno.test("LruMap.set() drops the least recently used entry", () => {
  const map = new LruMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  assertEquals(map.get("a"), 1);
  map.set("c", 3);
  assertEquals([map.get("a"), map.get("b"), map.get("c")], [1, undefined, 3]);
});

Deno.test("LruMap.getOrMake() creates a value once", () => {
  const map = new LruMap<string, number>(2);
  let made = 0;
  const make = (): number => ++made;
  assertEquals([map.getOrMake("a", make), map.getOrMake("a", make)], [1, 1]);
});
