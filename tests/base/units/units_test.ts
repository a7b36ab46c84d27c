import { assertEquals, assertThrows } from "@std/assert";
import {
  closest,
  formatCount,
  formatDuration,
  formatShare,
  formatSize,
  parseDuration,
  parseSize,
} from "../../../lib/base/mod.ts";

Deno.test("parseDuration() reads seconds, units and combined units", () => {
  assertEquals(parseDuration("14400"), 14_400_000);
  assertEquals(parseDuration("4h"), 14_400_000);
  assertEquals(parseDuration("1h30m"), 5_400_000);
  assertEquals(parseDuration("250ms"), 250);
});

Deno.test("parseDuration() refuses invalid durations", () => {
  for (const text of ["", "x", "5 weeks", "-1", "1h-"]) assertThrows(() => parseDuration(text), SyntaxError, text);
});

Deno.test("formatDuration() shows the two largest units", () => {
  assertEquals([0, 850, 200_000, 3_840_000, 90_000_000].map(formatDuration), [
    "0ms",
    "850ms",
    "3m 20s",
    "1h 4m",
    "1d 1h",
  ]);
  assertEquals(formatDuration(Infinity), "?");
});

Deno.test("formatDuration() rounds up to the next unit", () => {
  assertEquals([999.4, 999.6, 59_999.6].map(formatDuration), ["999ms", "1s", "1m"]);
});

Deno.test("parseSize() reads bytes and powers of 1024", () => {
  assertEquals(["912", "20M", "1.5GiB", "4kb", "5M/s"].map(parseSize), [912, 20 << 20, 1.5 * 2 ** 30, 4096, 5 << 20]);
  assertThrows(() => parseSize("lots"), SyntaxError, "lots");
});

Deno.test("formatSize() rounds to the next unit before it overflows", () => {
  assertEquals([0, 1023, 1536, 1023.6 * 1024, 2 ** 31].map(formatSize), [
    "0 B",
    "1023 B",
    "1.5 KiB",
    "1.0 MiB",
    "2.00 GiB",
  ]);
  assertEquals([1023.4, 1023.6].map(formatSize), ["1023 B", "1.0 KiB"]);
});

Deno.test("closest() finds a misspelled word, and nothing if all words are far", () => {
  assertEquals(closest("verfy", ["verify", "repair"]), "verify");
  assertEquals(closest("zzz", ["verify", "repair"]), undefined);
});

Deno.test("formatCount() has the noun for one, and for any other number", () => {
  assertEquals([0, 1, 2].map((number) => formatCount(number, "file")), ["0 files", "1 file", "2 files"]);
  assertEquals(formatCount(2, "entry", "entries"), "2 entries");
});

Deno.test("formatShare() rounds no percentage to a whole one that it is not", () => {
  assertEquals([0, 0.25, 0.125, 1 / 3, 1].map((share) => formatShare(share)), [
    "0 %",
    "25 %",
    "12.5 %",
    "33.333 %",
    "100 %",
  ]);
  assertEquals(formatShare(87_555 / 87_556), "99.999 %");
  assertEquals([0.999_999, 0.000_004, -0.000_001].map((share) => formatShare(share, { decimals: 1 })), [
    "99.9999 %",
    "0.0004 %",
    "-0.0001 %",
  ]);
  assertEquals([1 / 3, 0.999].map((share) => formatShare(share, { decimals: 0 })), ["33.3 %", "99.9 %"]);
  assertEquals([0.07, 0.57, 1 - 1e-15].map((share) => formatShare(share)), ["7 %", "57 %", "100 %"]);
  assertEquals([NaN, Infinity].map((share) => formatShare(share)), ["NaN %", "Infinity %"]);
});
