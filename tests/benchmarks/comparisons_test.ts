import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { COMPARISONS, nameOfSpec } from "../../benchmarks/transports.ts";

Deno.test("each comparison has its own number, and sides that differ in name and settings", () => {
  assertEquals(COMPARISONS.map(({ id }) => id), COMPARISONS.map((_, index) => `T${index + 1}`));
  for (const { chosen, others } of COMPARISONS) {
    const sides = [chosen, ...others];
    assert(sides.length > 1);
    assertEquals(new Set(sides.map(({ label }) => label)).size, sides.length);
    assertEquals(new Set(sides.map(({ spec }) => nameOfSpec(spec))).size, sides.length);
  }
});

Deno.test("the sides of a comparison differ from the chosen one only in what is compared", () => {
  const about = [
    ...Array(4).fill(["transport"]),
    ...Array(2).fill(["hash"]),
    ["hash"],
    ...Array(2).fill(["bufferBytes"]),
    ...Array(2).fill(["handles", "preallocates"]),
  ];
  COMPARISONS.forEach(({ chosen, others }, index) => {
    for (const { spec } of others) {
      const keys = Object.keys(spec) as (keyof typeof spec)[];
      const changed = keys.filter((key) => spec[key] !== chosen.spec[key]);
      assertNotEquals(changed, []);
      assertEquals(changed.filter((key) => !about[index].includes(key)), []);
    }
  });
});

Deno.test("the name of a spec is unique to its settings", () => {
  const spec = COMPARISONS[4]!.chosen.spec;
  const others = [
    { ...spec, transport: "node" as const },
    { ...spec, isSecure: true },
    { ...spec, writes: false },
    { ...spec, hash: "loop" as const },
    { ...spec, bufferBytes: 4096 },
    { ...spec, handles: 4 },
    { ...spec, preallocates: true },
    { ...spec, flushes: true },
    { ...spec, files: 4 },
  ];
  assertEquals(Object.keys(spec).length, others.length);
  assertEquals(new Set([spec, ...others].map(nameOfSpec)).size, others.length + 1);
});
