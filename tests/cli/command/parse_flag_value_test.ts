import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError, parseDuration } from "../../../lib/base/mod.ts";
import type { Flag, FlagType } from "../../../lib/cli/mod.ts";
import { parseFlagValue } from "../../../lib/cli/command/parse_flag_value.ts";

function flagOf(type: FlagType, more: Partial<Flag> = {}): Flag {
  return { name: "x-flag", type, summary: "A flag", ...more };
}

function messageOf(flag: Flag, text: string): string {
  const error = assertThrows(() => parseFlagValue(flag, text), KitError);
  assertEquals(error.code, "usage");
  assertStringIncludes(error.message, `"${text}" for --x-flag`);
  return error.message;
}

const GOOD: readonly (readonly [FlagType, string, unknown])[] = [
  ["boolean", "true", true],
  ["boolean", "Yes", true],
  ["boolean", "off", false],
  ["boolean", "0", false],
  ["string", "--x", "--x"],
  ["string", " ", " "],
  ["path", "./a b", "./a b"],
  ["integer", "-5", -5],
  ["integer", "+7", 7],
  ["integer", "9007199254740991", 9007199254740991],
  ["number", "-.5", -0.5],
  ["number", "1e3", 1000],
  ["number", "2.", 2],
  ["duration", "30", 30_000],
  ["duration", "1h30m", 5_400_000],
  ["size", "1.5K", 1536],
  ["size", "20M", 20 * 1024 ** 2],
  ["date", "2026-01-31", "2026-01-31T00:00:00.000Z"],
  ["date", "2024-02-29", "2024-02-29T00:00:00.000Z"],
  ["date", "2026-01-31T12:00+09:00", "2026-01-31T03:00:00.000Z"],
];
for (const [type, text, expected] of GOOD) {
  Deno.test(`parseFlagValue() reads the ${type} "${text}"`, () => {
    assertEquals(parseFlagValue(flagOf(type), text), expected);
  });
}

Deno.test("parseFlagValue() reads a duration for a date as the time so long before now", () => {
  const now = Date.UTC(2026, 0, 31, 12);
  const read = ["7d", "12h", "1d12h"].map((text) => parseFlagValue(flagOf("date"), text, { now }));
  assertEquals(read, ["2026-01-24T12:00:00.000Z", "2026-01-31T00:00:00.000Z", "2026-01-30T00:00:00.000Z"]);
});

const BAD: readonly (readonly [FlagType, string])[] = [
  ["boolean", "maybe"],
  ["boolean", ""],
  ["string", ""],
  ["path", ""],
  ["integer", "1.5"],
  ["integer", "0x10"],
  ["integer", ""],
  ["integer", "9007199254740993"],
  ["number", "Infinity"],
  ["number", "1e999"],
  ["number", "NaN"],
  ["number", "12abc"],
  ["duration", "5 weeks"],
  ["duration", "-5s"],
  ["size", "big"],
  ["date", "2026-02-30"],
  ["date", "2026-13-01"],
  ["date", "31.01.2026"],
  ["date", "2026-01-31T12:00"],
  ["date", "2026-01-31T25:00Z"],
  ["date", "7"],
  ["date", "-7d"],
  ["date", "7w"],
  ["date", `${"9".repeat(20)}d`],
];
for (const [type, text] of BAD) {
  Deno.test(`parseFlagValue() refuses "${text}" as ${type}`, () => {
    assertStringIncludes(messageOf(flagOf(type), text), "must be ");
  });
}

Deno.test("parseFlagValue() checks bounds and names them", () => {
  const flag = flagOf("integer", { min: 1, max: 10 });
  assertEquals([parseFlagValue(flag, "1"), parseFlagValue(flag, "10")], [1, 10]);
  assertStringIncludes(messageOf(flag, "11"), "must be at least 1 and at most 10");
  assertStringIncludes(messageOf(flag, "0"), "must be at least 1 and at most 10");
});

Deno.test("parseFlagValue() reads bounds in the flag's own unit", () => {
  const flag = flagOf("duration", { min: "5s", max: "1h" });
  assertEquals(parseFlagValue(flag, "60m"), 3_600_000);
  assertStringIncludes(messageOf(flag, "1h1s"), "at least 5s and at most 1h");
  assertStringIncludes(messageOf(flagOf("size", { min: "1M" }), "5K"), "must be at least 1M");
  assertStringIncludes(messageOf(flagOf("date", { max: "2026-01-01" }), "2026-01-02"), "must be at most 2026-01-01");
});

Deno.test("parseFlagValue() lists choices and suggests the closest", () => {
  const flag = flagOf("choice", { choices: ["stable", "turbo"] });
  assertEquals(parseFlagValue(flag, "turbo"), "turbo");
  const error = assertThrows(() => parseFlagValue(flag, "tubro"), KitError);
  assertStringIncludes(error.message, 'must be one of "stable", "turbo"');
  assertEquals(error.hint, 'Did you mean "turbo"?');
  assertEquals(assertThrows(() => parseFlagValue(flag, "zzzzzzzz"), KitError).hint, undefined);
});

Deno.test("parseFlagValue() reports where the text comes from", () => {
  const error = assertThrows(() => parseFlagValue(flagOf("integer"), "a", { place: "x.yml:12" }), KitError);
  assertEquals(error.message, 'Cannot use "a" for --x-flag (x.yml:12): must be a whole number');
});

Deno.test("parseFlagValue() matches a choice in any spacing and case, and returns it as declared", () => {
  const flag = flagOf("choice", { choices: ["training-data", "Most Liked", "PG-13"] });
  assertEquals(["Training Data", "most-liked", "pg13", "PG-13"].map((text) => parseFlagValue(flag, text)), [
    "training-data",
    "Most Liked",
    "PG-13",
    "PG-13",
  ]);
});

Deno.test("parseFlagValue() passes on the reason of a flag that refuses a text itself", () => {
  const check = (text: string): void => {
    if (text === "odd") throw new SyntaxError("Cannot parse pace: it is odd");
    if (text === "bug") throw new TypeError("a mistake in the check");
  };
  const flag = flagOf("string", { check });
  assertEquals(parseFlagValue(flag, "even"), "even");
  const error = assertThrows(() => parseFlagValue(flag, "odd", { place: "x.yml:3" }), KitError);
  assertEquals(error.message, 'Cannot use "odd" for --x-flag (x.yml:3): cannot parse pace: it is odd');
  assertEquals(error.exitCode, 2);
  // A reason that names the text again is shortened.
  const parsed = assertThrows(() => parseFlagValue(flagOf("string", { check: parseDuration }), "soon"), KitError);
  assertEquals(parsed.message.split('"soon"').length, 2, parsed.message);
  assertThrows(() => parseFlagValue(flag, "bug"), TypeError);
});

Deno.test("parseFlagValue() ignores the prefix of a flag before a number", () => {
  const flag = flagOf("integer", { prefix: "phase", min: 1, max: 4 });
  assertEquals([parseFlagValue(flag, "phase3"), parseFlagValue(flag, "3")], [3, 3]);
  assertStringIncludes(messageOf(flag, "phase5"), "at most 4");
  for (const text of ["phase", "phases3", "Phase3", "phase phase3"]) messageOf(flag, text);
  messageOf(flagOf("integer"), "phase3");
});
