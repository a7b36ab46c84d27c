import { assertEquals } from "@std/assert";
import { isBlurred, maturityName } from "../../../../lib/app/browser/pictures/maturity.ts";

Deno.test("maturityName() names the strongest bit", () => {
  const names = [[0, ""], [1, "PG"], [3, "PG-13"], [4, "R"], [8, "X"], [31, "XXX"], [32, "Blocked"]] as const;
  for (const [level, name] of names) assertEquals(maturityName(level), name);
});

Deno.test("isBlurred() begins with the bit of the setting", () => {
  assertEquals([1, 2, 4, 8, 16, 32].map((level) => isBlurred(level, 4)), [false, false, true, true, true, true]);
  assertEquals(isBlurred(63, Infinity), false);
  assertEquals(isBlurred(0, 1), false);
  assertEquals(isBlurred(9, 4), true);
});
