import { assertEquals, assertThrows } from "@std/assert";
import { parseImage, parseImagePage, parseLenientJson } from "../../../lib/civitai/mod.ts";
import { fixture, fixtureText } from "../../helpers/servers/civitai_fixture.ts";

const URL_OF_72 = "https://image.civitai.com/x/634cc087-7a20-45d9-aac9-a328cb34bccf/original=true/72000001.jpeg";

Deno.test("parseImage() reads the id of a showcase image from its URL", () => {
  assertEquals(parseImage({ url: URL_OF_72 }).id, 72000001);
  assertEquals(parseImage({ url: `${URL_OF_72}?x=1` }).id, 72000001);
  assertEquals(parseImage({ id: 5, url: URL_OF_72 }).id, 5);
});

Deno.test("parseImage() refuses an image without an id or a URL", () => {
  assertThrows(() => parseImage({ url: "https://image.civitai.com/x/y/original=true/abc.jpeg" }), SyntaxError);
  assertThrows(() => parseImage({ id: 5 }), SyntaxError);
  assertThrows(() => parseImage("x"), SyntaxError);
});

Deno.test("parseImage() reads maturity as a number or a word, and prefers browsingLevel", () => {
  const levelOf = (fields: Record<string, unknown>): number => parseImage({ url: URL_OF_72, ...fields }).nsfwLevel;
  assertEquals(["None", "Soft", "Mature", "X", "Blocked", "?"].map((nsfwLevel) => levelOf({ nsfwLevel })), [
    1,
    2,
    4,
    8,
    32,
    0,
  ]);
  assertEquals([levelOf({ nsfwLevel: 4 }), levelOf({ nsfwLevel: "X", browsingLevel: 16 }), levelOf({})], [4, 16, 0]);
});

Deno.test("parseImage() converts a numeric user name to text", () => {
  const names = parseImagePage(fixture("images_page.json")).items.map(({ username }) => username);
  assertEquals(names, ["brambleforge", "4711", "saltand_sky", "MotionPlum", null, "hush_audio"]);
});

Deno.test("parseImage() flattens nested generation data", () => {
  const [first, second] = parseImagePage(fixture("images_modelid_nested_meta.json")).items;
  assertEquals(first?.meta?.["prompt"], "glass bottle with a storm inside");
  assertEquals(second?.meta, null);
});

Deno.test("parseImage() keeps flat data with a key named meta", () => {
  assertEquals(parseImage({ url: URL_OF_72, meta: { prompt: "x", meta: 1 } }).meta, { prompt: "x", meta: 1 });
});

Deno.test("parseImage() keeps a seed beyond 2^53", () => {
  const [first] = parseImagePage(fixture("images_page.json")).items;
  assertEquals(first?.meta?.["seed"], "18446744073709551615");
});

Deno.test("parseImage() infers a missing media type from the extension", () => {
  const typeOf = (path: string) => parseImage({ id: 1, url: `https://image.example/${path}` }).type;
  assertEquals([typeOf("a/b.mp4"), typeOf("a/b.webm?x"), typeOf("a/b.mp3"), typeOf("a/b.jpeg")], [
    "video",
    "video",
    "audio",
    "image",
  ]);
});

Deno.test("parseImagePage() reads pages with raw control characters in texts", () => {
  const page = parseImagePage(parseLenientJson(fixtureText("images_raw_control_chars.txt")));
  assertEquals(page.items.length, 1);
  assertEquals(page.items[0]?.meta?.["steps"], 20);
});

Deno.test("parseImagePage() converts a numeric cursor to text", () => {
  assertEquals(parseImagePage(fixture("images_modelid_nested_meta.json")).nextCursor, "88000031");
  assertEquals(parseImagePage(fixture("images_page.json")).nextCursor, "6|1744925337225");
  assertEquals(parseImagePage(fixture("images_page2.json")).nextCursor, null);
});
