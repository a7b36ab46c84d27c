import { assertEquals, assertThrows } from "@std/assert";
import { parseDayLimits } from "../../../lib/downloader/mod.ts";

const GIB = 1024 ** 3;

Deno.test.each([
  { text: "1000, 200G", links: 1000, bytes: 200 * GIB },
  { text: "200GB,1000", links: 1000, bytes: 200 * GIB },
  { text: " 1000 ", links: 1000, bytes: null },
  { text: "1.5 GiB", links: null, bytes: 1.5 * GIB },
])('parseDayLimits() reads "$text"', ({ text, links, bytes }) => {
  assertEquals(parseDayLimits(text), { links, bytes });
});

Deno.test.each(
  ["", ",", "1000,", "many", "0", "0G", "-5", "1.5", "1000, 2000", "1G, 2G", "1000 200G", "1000, 200G, 1", "1000/s"]
    .map((text) => ({ text })),
)('parseDayLimits() refuses "$text"', ({ text }) => {
  assertThrows(() => parseDayLimits(text), SyntaxError, "Cannot parse quota");
});
