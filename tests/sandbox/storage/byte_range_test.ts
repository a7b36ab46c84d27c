import { assertEquals } from "@std/assert";
import { type ByteRange, parseRange } from "../../../lib/sandbox/storage/_byte_range.ts";

const part = (start: number, end: number): ByteRange => ({ type: "part", start, end });
const CASES: readonly (readonly [string | undefined, ByteRange])[] = [
  [undefined, { type: "whole" }],
  ["bytes=0-0", part(0, 1)],
  ["bytes=10-19", part(10, 20)],
  ["bytes=10-", part(10, 100)],
  ["bytes=90-500", part(90, 100)],
  ["bytes=-5", part(95, 100)],
  ["bytes=-500", part(0, 100)],
  ["bytes=100-", { type: "unsatisfiable" }],
  ["bytes=-0", { type: "unsatisfiable" }],
  ["bytes=9-5", { type: "whole" }],
  ["bytes=-", { type: "whole" }],
  ["bytes=0-1,5-6", { type: "whole" }],
  ["lines=0-1", { type: "whole" }],
  ["bytes=a-b", { type: "whole" }],
];

for (const [header, range] of CASES) {
  Deno.test(`parseRange() reads ${header}`, () => assertEquals(parseRange(header, 100), range));
}
