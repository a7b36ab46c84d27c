import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseLenientJson } from "../../lib/civitai/mod.ts";

Deno.test("parseLenientJson() parses JSON as JSON.parse does, with or without a byte order mark", () => {
  assertEquals(parseLenientJson('\uFEFF {"a":[1,2.5,"x\\n",null,true]}'), { a: [1, 2.5, "x\n", null, true] });
});

Deno.test("parseLenientJson() tolerates raw control characters inside texts", () => {
  assertEquals(parseLenientJson('{"a":"x\r\ty\u0001","b\u0000":"\\"\\\\"}'), { a: "x\r\ty\u0001", "b\u0000": '"\\' });
});

Deno.test("parseLenientJson() keeps integers beyond 2^53 as texts", () => {
  const text =
    '{"seed":18446744073709551615,"low":-9007199254740993,"safe":9007199254740991,"f":1e300,"s":"12345678901234567890"}';
  assertEquals(parseLenientJson(text), {
    seed: "18446744073709551615",
    low: "-9007199254740993",
    safe: 9007199254740991,
    f: 1e300,
    s: "12345678901234567890",
  });
});

Deno.test("parseLenientJson() keeps big integers wherever JSON allows a number", () => {
  const seed = "18446744073709551615";
  for (const text of [seed, `-${seed}`, `[${seed}]`, `[1,${seed}]`, `{"a":\t${seed}}`, `[1,\r\n-${seed}\n]`]) {
    assertStringIncludes(JSON.stringify(parseLenientJson(text)), `${seed}"`);
  }
});

for (const text of ["", "<html>", '{"a":', '{"a":"x}', "{'a':1}", '{"a":\u0001 1}']) {
  Deno.test(`parseLenientJson() refuses ${JSON.stringify(text)}`, () => {
    assertThrows(() => parseLenientJson(text), SyntaxError);
  });
}
