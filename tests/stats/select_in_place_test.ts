import { assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/base/mod.ts";
import { selectInPlace } from "../../lib/stats/_select_in_place.ts";

Deno.test("selectInPlace() finds what a sort finds, position after position, also among equal numbers", () => {
  const random = seededRandom(5);
  for (let round = 0; round < 300; round++) {
    const size = 1 + Math.floor(random() * 60);
    const kinds = 1 + Math.floor(random() * size);
    const numbers = Float64Array.from({ length: size }, () => Math.floor(random() * kinds) - kinds / 2);
    const sorted = numbers.toSorted();
    const positions = Array.from({ length: 4 }, () => Math.floor(random() * size)).toSorted((a, b) => a - b);
    let from = 0;
    for (const position of positions) {
      assertEquals(selectInPlace(numbers, position, from), sorted[position]);
      from = position;
    }
    assertEquals(numbers.toSorted(), sorted);
  }
});
