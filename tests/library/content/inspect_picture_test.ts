import { assertEquals, assertLessOrEqual, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { inspectPicture } from "../../../lib/library/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const FIXTURES = new URL("../fixtures/pictures/", import.meta.url);
const NAMES = (await Array.fromAsync(Deno.readDir(FIXTURES))).map(({ name }) => name).sort();

interface Fixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Why bytes are not an intact picture; `null` if they are. */
  problemOf(bytes: Uint8Array): Promise<string | null>;
}

function withFixtures(
  story: (fixture: Fixture) => Promise<void>,
  names: readonly string[] = NAMES,
): Promise<void> {
  return inTempDir(async (folder) => {
    const path = join(folder, "picture.part");
    for (const name of names) {
      const bytes = await Deno.readFile(new URL(name, FIXTURES));
      const problemOf = async (content: Uint8Array): Promise<string | null> => {
        await Deno.writeFile(path, content);
        return (await inspectPicture(path)).problem;
      };
      await story({ name, bytes, problemOf });
    }
  });
}

function changed(bytes: Uint8Array, offset: number, values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, offset);
  return copy;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A file may also end here: within what follows the content, or where a recording was stopped. */
const END_EARLIER: Readonly<Record<string, number>> = {
  // The last content box is followed by an index (mfra), or an empty box (free).
  "fragmented.mp4": 100,
  // The padding byte of a chunk, which some writers omit.
  "lossless.webp": 1,
  "recorded.webm": Infinity,
  // Frames follow each other, and none is marked as the last.
  "tone.mp3": Infinity,
  "vbr.mp3": Infinity,
};

Deno.test("inspectPicture() accepts every kind of picture, film and sound", () =>
  withFixtures(async ({ name, bytes, problemOf }) => {
    assertEquals(await problemOf(bytes), null, name);
    assertEquals((await inspectPicture(join(FIXTURES.pathname, name))).format, name.split(".")[1]);
  }));

Deno.test("inspectPicture() refuses a picture truncated anywhere", () =>
  withFixtures(async ({ name, bytes, problemOf }) => {
    const passed: number[] = [];
    for (let length = 0; length < bytes.length; length += bytes.length - length < 120 ? 1 : 11) {
      if (await problemOf(bytes.subarray(0, length)) === null) passed.push(length);
    }
    const isTail = passed.every((length) => bytes.length - length <= (END_EARLIER[name] ?? 0));
    assertEquals(isTail, true, `${name} of ${bytes.length} passes when cut to ${passed}`);
    // A few lengths coincide with ends of frames and clusters.
    assertLessOrEqual(passed.length, bytes.length / 4, name);
    // A sound written to a pipe does not store its size.
  }, NAMES.filter((name) => name !== "open.wav")));

Deno.test("inspectPicture() accepts foreign bytes after a picture", () =>
  withFixtures(async ({ name, bytes, problemOf }) => {
    const tails = [Uint8Array.of(0), new Uint8Array(5000), new TextEncoder().encode("\nwritten by a camera, see 1")];
    for (const tail of tails) assertEquals(await problemOf(joined(bytes, tail)), null, `${name} + ${tail.length}`);
  }, NAMES.filter((name) => !["recorded.webm", "open.wav"].includes(name))));

Deno.test("inspectPicture() detects any wrong byte of a PNG", () =>
  withFixtures(async ({ bytes, problemOf }) => {
    for (let at = 0; at < bytes.length; at++) {
      assertMatch(await problemOf(changed(bytes, at, [bytes[at]! ^ 0x10])) ?? "", /^it is |^there is/, `byte ${at}`);
    }
  }, ["still.png", "moving.png"]));

Deno.test("inspectPicture() terminates for any wrong byte of any picture", () =>
  withFixtures(async ({ bytes, problemOf }) => {
    for (let at = 0; at < bytes.length; at += at < 100 ? 1 : 13) {
      for (const value of [0, 0xff, bytes[at]! ^ 0x80]) await problemOf(changed(bytes, at, [value]));
    }
  }, NAMES.filter((name) => !name.endsWith(".png"))));

Deno.test("inspectPicture() refuses a picture whose first or middle part is zeros", () =>
  withFixtures(async ({ name, bytes, problemOf }) => {
    const zeroed = changed(bytes, 0, Array<number>(Math.floor(bytes.length / 2)).fill(0));
    assertStringIncludes(await problemOf(zeroed) ?? "", "not a picture", name);
  }));

Deno.test("inspectPicture() refuses other formats and names them", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "style.preview.jpeg");
    const table = [
      ["\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0", "it is not a picture, video or sound"],
      ["plain text", "it is text, not a picture, video or sound"],
      ["PK\x03\x04 and so on", "it is truncated: the end of the ZIP archive is missing"],
      ["<!DOCTYPE html><title>Sign in</title>", "it is an HTML or XML page, not a file: an error or login page"],
      ['{"error":"Unauthorized"}', "it is a JSON page, not a file: an error or login page"],
      ["", "it is empty"],
    ] as const;
    for (const [content, problem] of table) {
      await Deno.writeFile(path, Uint8Array.from(content, (char) => char.charCodeAt(0)));
      assertEquals((await inspectPicture(path)).problem, problem);
    }
  }));

Deno.test("inspectPicture() refuses a container without a picture", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "picture");
    const latin = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
    const table = [
      [latin("\xff\xd8\xff\xd9"), "it is damaged: the JPEG has no image data"],
      [latin("\xff\xd8\xff\xe0\0\x02\xff\xd9"), "it is damaged: the JPEG has no image data"],
      [latin("\xff\xd8\xff\xda\0\x02\xff\xd9"), "it is damaged: the JPEG's segments are not contiguous"],
      [latin("GIF89a\x01\0\x01\0\0\0\0;"), "it is damaged: the GIF has no image data"],
      [latin("RIFF\x04\0\0\0WEBP"), "it is damaged: the WebP has no image data"],
      [latin("\0\0\0\x10ftypisom\0\0\0\0"), 'it is truncated: its box "mdat" is missing'],
    ] as const;
    for (const [bytes, problem] of table) {
      await Deno.writeFile(path, bytes);
      assertEquals((await inspectPicture(path)).problem, problem);
    }
  }));

Deno.test("inspectPicture() reads a picture of many tiny parts in linear time", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "picture");
    const secondsFor = async (kib: number): Promise<number> => {
      const count = kib * 256;
      const segments = new Uint8Array(count * 4 + 2);
      segments.set([0xff, 0xd8]);
      for (let at = 2; at < segments.length; at += 4) segments.set([0xff, 0xfe, 0, 2], at);
      await Deno.writeFile(path, segments);
      const start = performance.now();
      assertStringIncludes((await inspectPicture(path)).problem!, "truncated");
      return (performance.now() - start) / 1000;
    };
    await secondsFor(256);
    assertLessOrEqual(await secondsFor(4096), 10);
  }));
