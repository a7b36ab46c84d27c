import { assert, assertEquals } from "@std/assert";
import { BLUR_HEIGHT, BLUR_WIDTH, decodeBlurhash } from "../../../../lib/app/browser/pictures/decode_blurhash.ts";

const HASH = "LEHV6nWB2yk8pyo0adR*.7kCMdnj";

Deno.test("decodeBlurhash() gives the pixels of the reference decoder", () => {
  const pixels = decodeBlurhash(HASH)!;
  assertEquals(pixels.length, BLUR_WIDTH * BLUR_HEIGHT * 4);
  // Made by blurhash 2.0.5 of npm.
  const isNear = (at: number, expected: readonly number[]) =>
    expected.every((value, channel) => Math.abs(pixels[at + channel]! - value) <= 1);
  assert(isNear(0, [135, 164, 177, 255]), `${pixels.slice(0, 4)}`);
  assert(isNear(pixels.length - 4, [134, 142, 147, 255]), `${pixels.slice(-4)}`);
});

Deno.test("decodeBlurhash() refuses what is no BlurHash", () => {
  for (const text of ["", "L", "LEHV6n", `${HASH}x`, HASH.replace("W", "é"), "~".repeat(30), "猫".repeat(28)]) {
    assertEquals(decodeBlurhash(text), null);
  }
});
