import { assertEquals } from "@std/assert";
import { parseByteRange } from "../../../lib/app/pictures/_byte_range.ts";

const WHOLE = { type: "whole" } as const;
const UNSATISFIABLE = { type: "unsatisfiable" } as const;
const part = (start: number, end: number) => ({ type: "part", start, end }) as const;

Deno.test("parseByteRange() reads a range from both ends", () => {
  assertEquals(parseByteRange("bytes=0-0", 100), part(0, 1));
  assertEquals(parseByteRange("bytes=10-19", 100), part(10, 20));
  assertEquals(parseByteRange("bytes=10-", 100), part(10, 100));
  assertEquals(parseByteRange("bytes=-10", 100), part(90, 100));
  assertEquals(parseByteRange("Bytes= 0-99 ", 100), part(0, 100));
});

Deno.test("parseByteRange() ends a range at the end of the file", () => {
  assertEquals(parseByteRange("bytes=90-1000", 100), part(90, 100));
  assertEquals(parseByteRange("bytes=-1000", 100), part(0, 100));
  assertEquals(parseByteRange(`bytes=0-${"9".repeat(400)}`, 100), part(0, 100));
});

Deno.test("parseByteRange() refuses a range outside of the file", () => {
  for (const header of ["bytes=100-", "bytes=100-200", "bytes=-0", `bytes=${"9".repeat(400)}-`]) {
    assertEquals(parseByteRange(header, 100), UNSATISFIABLE, header);
  }
  for (const header of ["bytes=0-", "bytes=-1"]) assertEquals(parseByteRange(header, 0), UNSATISFIABLE, header);
});

Deno.test("parseByteRange() answers what is invalid, and several ranges, with the whole file", () => {
  const odd = [
    null,
    "",
    "bytes=",
    "bytes=-",
    "bytes=5-4",
    "bytes=a-b",
    "bytes=0-1,5-6",
    "items=0-1",
    "bytes=1.5-2",
    "0-5",
  ];
  for (const header of odd) assertEquals(parseByteRange(header, 100), WHOLE, String(header));
});
