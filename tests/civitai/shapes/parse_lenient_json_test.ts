import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseLenientJson } from "../../../lib/civitai/mod.ts";
import { assertLinearTime } from "../../helpers/assert_linear_time.ts";

Deno.test("parseLenientJson() parses JSON like JSON.parse, with or without a byte order mark", () => {
  assertEquals(parseLenientJson('\uFEFF {"a":[1,2.5,"x\\n",null,true]}'), { a: [1, 2.5, "x\n", null, true] });
});

Deno.test("parseLenientJson() accepts raw control characters inside strings", () => {
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

Deno.test("parseLenientJson() accepts a text of millions of characters with one control character", () => {
  const text = "a".repeat(20_000_000);
  assertEquals(parseLenientJson(`{"a":"${text}\u0001"}`), { a: `${text}\u0001` });
});

Deno.test("parseLenientJson() keeps big integers at any depth", () => {
  const depth = 20_000;
  let value = parseLenientJson(`${"[".repeat(depth)}18446744073709551615${"]".repeat(depth)}`);
  while (Array.isArray(value)) value = value[0];
  assertEquals(value, "18446744073709551615");
});

Deno.test("parseLenientJson() keeps digits in strings and other numbers unchanged", () => {
  const json = { "a": 'x \\" 12345678901234567890', "b\\": 1.2345678901234567, "c": -1e-20, "12345678901234567890": 1 };
  assertEquals(parseLenientJson(`{"big":12345678901234567890,${JSON.stringify(json).slice(1)}`), {
    big: "12345678901234567890",
    ...json,
  });
  assertThrows(() => parseLenientJson("[01234567890123456789]"), SyntaxError);
});

Deno.test("parseLenientJson() takes linear time, even for invalid JSON", async () => {
  const read = (text: string): unknown => {
    try {
      return parseLenientJson(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return undefined;
    }
  };
  const bodies: readonly ((text: string) => string)[] = [
    (text) => `["${text.replaceAll('"', "")}\u0001"]`,
    (text) => `["\u0001",${text}1]`,
    (text) => `"${text}`,
    (text) => `["\u0001${text}`,
  ];
  for (const piece of ["a", "\u0001", '\\"', "\\\\", '"a",', "12345678901234567890,", "9", "[", "\n", "-", "e+"]) {
    for (const body of bodies) {
      await assertLinearTime((text) => read(body(text)), piece, { name: "parseLenientJson()" });
    }
  }
});
