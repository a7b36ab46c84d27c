import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { parseTarget, type Target } from "../../../lib/civitai/mod.ts";

const SHA = "AE883BBD572B3198A19A658009820F1FBAD32140A8743749CB7EA15AC928B09B";
const user = (username: string, only?: "models" | "images"): Target => (
  only === undefined ? { type: "user", username } : { type: "user", username, only }
);
const model = (modelId: number, versionId: number | null = null): Target => ({ type: "model", modelId, versionId });
const version = (versionId: number, fileId: number | null = null): Target => ({ type: "version", versionId, fileId });
const link = (versionId: number, query: Readonly<Record<string, string>>): Target => (
  { type: "version", versionId, fileId: null, query }
);

const ACCEPTED: readonly (readonly [string, Target])[] = [
  ["brambleforge", user("brambleforge")],
  ["  some.user-1_x ", user("some.user-1_x")],
  ["逆光1", user("逆光1")],
  ["https://civitai.com/user/NAME", user("NAME")],
  ["https://civitai.com/user/NAME/models", user("NAME", "models")],
  ["HTTP://WWW.Civitai.RED/user/NAME/images?sort=Newest#top", user("NAME", "images")],
  ["https://civitai.green/user/NAME//", user("NAME")],
  ["civitai.blue/user/NAME", user("NAME")],
  ["user:NAME/models", user("NAME", "models")],
  ["user:NAME/images", user("NAME", "images")],
  ["https://civitai.com/user/%E9%80%86a", user("逆a")],
  ["https://civitai.com/api/v1/models?username=NAME&limit=1", user("NAME")],
  ["user:4711", user("4711")],
  ["user:cafe1234", user("cafe1234")],
  ["128713", model(128713)],
  ["model:1", model(1)],
  ["https://civitai.com/models/123", model(123)],
  ["https://civitai.com/models/123/some-slug?modelVersionId=456", model(123, 456)],
  ["https://civitai.com/models/123/some-slug/", model(123)],
  ["https://civitai.com/models/123/model-versions/456", model(123, 456)],
  ["https://civitai.com/models/123/model-versions/456/edit", model(123, 456)],
  ["https://civitai.com/api/v1/models/1", model(1)],
  ["civitai:123", model(123)],
  ["version:456", version(456)],
  ["https://civitai.com/model-versions/456", version(456)],
  ["https://civitai.com/api/v1/model-versions/456", version(456)],
  ["https://civitai.com/api/v1/model-versions/mini/456", version(456)],
  ["https://civitai.com/api/download/models/456", version(456)],
  [
    "https://civitai.com/api/download/models/456?type=Model&format=SafeTensor&size=pruned&fp=fp16&quantType=Q8_0&x=1",
    link(456, { type: "Model", format: "SafeTensor", size: "pruned", fp: "fp16", quantType: "Q8_0" }),
  ],
  ["https://civitai.com/api/download/models/456?type=Training%20Data", link(456, { type: "Training Data" })],
  ["https://civitai.com/api/download/training-data/456", link(456, { type: "Training Data" })],
  ["https://civitai.com/api/download/models/456?type=VAE&fileId=789", version(456, 789)],
  ["https://civitai.com/api/v1/model-versions/mini/456?modelFileId=789", version(456, 789)],
  ["https://civitai.com/api/download/models/456?fileId=789&token=secret123", version(456, 789)],
  ["https://civitai.com/images/1", { type: "image", imageId: 1 }],
  ["image:1", { type: "image", imageId: 1 }],
  ["https://civitai.com/posts/2", { type: "post", postId: 2 }],
  ["post:2", { type: "post", postId: 2 }],
  ["urn:air:sdxl:lora:civitai:123@456+789", { type: "air", modelId: 123, versionId: 456, fileId: 789 }],
  ["urn:air:sdxl:checkpoint:civitai:123@456.safetensors", { type: "air", modelId: 123, versionId: 456, fileId: null }],
  ["civitai:123@456", { type: "air", modelId: 123, versionId: 456, fileId: null }],
  [SHA, { type: "hash", hash: SHA.toLowerCase(), kinds: ["SHA256", "BLAKE3"] }],
  [`sha256:${SHA}`, { type: "hash", hash: SHA.toLowerCase(), kinds: ["SHA256"] }],
  [`blake3:${SHA}`, { type: "hash", hash: SHA.toLowerCase(), kinds: ["BLAKE3"] }],
  ["hash:AE883BBD57", { type: "hash", hash: "ae883bbd57", kinds: ["AutoV2"] }],
  ["AE883BBD57", { type: "hash", hash: "ae883bbd57", kinds: ["AutoV2"] }],
  ["4d9f3f9323cf", { type: "hash", hash: "4d9f3f9323cf", kinds: ["AutoV3"] }],
  ["16053B75".replace("B", "C"), { type: "hash", hash: "16053c75", kinds: ["AutoV1", "CRC32"] }],
  ["crc32:16053475", { type: "hash", hash: "16053475", kinds: ["CRC32"] }],
  ["AutoV1:16053475", { type: "hash", hash: "16053475", kinds: ["AutoV1"] }],
  [`https://civitai.com/api/v1/model-versions/by-hash/AE883BBD57`, {
    type: "hash",
    hash: "ae883bbd57",
    kinds: ["AutoV2"],
  }],
];

for (const [text, expected] of ACCEPTED) {
  Deno.test(`parseTarget() reads "${text}"`, () => assertEquals(parseTarget(text), expected));
}

Deno.test("parseTarget() reads a bare number as a model, even with the length of a hash", () => {
  assertEquals(parseTarget("12345678"), model(12345678));
  assertEquals(parseTarget("1234567890"), model(1234567890));
});

Deno.test("parseTarget() reads hexadecimal words without digits or of mixed case as names", () => {
  assertEquals(parseTarget("deadbeef"), user("deadbeef"));
  assertEquals(parseTarget("CafeBabe12"), user("CafeBabe12"));
  assertEquals(parseTarget("cafe123"), user("cafe123"));
});

Deno.test("parseTarget() reads any bare word as a name if users are expected", () => {
  assertEquals(parseTarget("4711", { kind: "user" }), user("4711"));
  assertEquals(parseTarget("4d9f3f9323cf", { kind: "user" }), user("4d9f3f9323cf"));
  assertEquals(parseTarget("https://civitai.com/models/1", { kind: "user" }), model(1));
});

Deno.test("parseTarget() accepts a host that the caller names", () => {
  assertEquals(parseTarget("http://127.0.0.1:8000/models/7", { hosts: ["127.0.0.1:8000"] }), model(7));
  assertThrows(() => parseTarget("http://127.0.0.1:8000/models/7"), KitError);
});

const REFUSED: readonly string[] = [
  "",
  "   ",
  "two words",
  "0",
  "model:0",
  "model:x",
  "99999999999",
  "user:",
  "user:a/b",
  "sha256:AE883BBD57",
  "hash:zzzz",
  "planet:1",
  "urn:air:flux1:lora:huggingface:org/repo",
  "civitai:1@99999999999",
  "civitai:1+2",
  "https://civitai.com",
  "https://civitai.com/models/abc",
  "https://civitai.com/models/1?modelVersionId=x",
  "https://civitai.com/api/download/models/1?fileId=x",
  "https://civitai.com/api/download/models/1?fileId=",
  "https://civitai.com/api/v1/model-versions/mini/1?modelFileId=x",
  "https://civitai.com/articles/1/title",
  "https://civitai.com/tag/",
  "https://civitai.com/tag/%",
  "https://civitai.com/user/%",
  "https://civitai.com/user/",
  "https://civitai.com/api/v1/images/1",
  "https://civitai.com/api/v1/model-versions/by-hash/xyz",
  "https://",
];

for (const text of REFUSED) {
  Deno.test(`parseTarget() refuses "${text}" and lists the accepted forms`, () => {
    const error = assertThrows(() => parseTarget(text), KitError);
    assertEquals(error.code, "usage");
    assertStringIncludes(error.message, text.trim());
    assertStringIncludes(error.hint ?? "", "user:NAME");
  });
}

/** Pages that do not show what a target names, what the hint offers, and how the message calls them. */
const OTHER_PAGES: readonly (readonly [string, string])[] = [
  ["https://civitai.com/user/NAME/favorites", "https://civitai.com/user/NAME/models"],
  ["https://civitai.com/user/NAME/posts", "https://civitai.com/user/NAME/images"],
  ["https://civitai.com/user/NAME/collections", "https://civitai.com/user/NAME "],
  ["https://civitai.com/user/NAME/articles", "https://civitai.com/user/NAME "],
  ["https://civitai.com/user/NAME/videos", "https://civitai.com/user/NAME/images"],
  ["https://civitai.com/user/NAME/images/1", "https://civitai.com/user/NAME/images"],
  ["https://civitai.com/user/account", "user:NAME"],
  ["https://civitai.com/models/123/edit", "https://civitai.com/models/123"],
  ["https://civitai.com/models/123/reviews?modelVersionId=4", "https://civitai.com/models/123"],
  ["https://civitai.com/models/123/model-versions/create", "https://civitai.com/models/123"],
  ["https://civitai.com/models/123/slug/more", "https://civitai.com/models/123"],
  ["https://civitai.com/posts/2/edit", "https://civitai.com/posts/2"],
  ["https://civitai.com/images/1/more", "https://civitai.com/images/1"],
  ["https://civitai.com/tag/anime%20style", "--tag 'anime style'"],
  ["https://civitai.com/search/models?query=red%20fox", "--query 'red fox'"],
  ["https://civitai.com/models?query=fox&tag=anime", "--query fox --tag anime"],
  ["https://civitai.com/models", "--sort Newest --limit 20"],
  ["https://civitai.com/api/v1/models?username=NAME&types=LORA", "--user NAME"],
  ["https://civitai.com/api/v1/models?username=NAME&favorites=true", "--user NAME"],
];

for (const [text, offer] of OTHER_PAGES) {
  Deno.test(`parseTarget() refuses "${text}", which shows something else, and offers what works`, () => {
    const error = assertThrows(() => parseTarget(text), KitError);
    assertEquals(error.code, "usage");
    assertStringIncludes(error.message, text);
    assertStringIncludes(error.hint ?? "", offer);
  });
}

Deno.test("parseTarget() reports a URL of another host", () => {
  const error = assertThrows(() => parseTarget("https://huggingface.co/models/1"), KitError);
  assertStringIncludes(error.message, '"huggingface.co" is not Civitai');
  assertThrows(() => parseTarget("https://civitai.com.evil.example/models/1"), KitError, "civitai.com.evil.example");
  assertThrows(() => parseTarget("https://image.civitai.com/models/1"), KitError, "image.civitai.com");
});

Deno.test("parseTarget() redacts a token in its error and truncates long words", () => {
  const error = assertThrows(() => parseTarget("https://civitai.com/none?token=s3cr3tvalue"), KitError);
  assertEquals(error.message.includes("s3cr3tvalue"), false);
  assertEquals(assertThrows(() => parseTarget("?".repeat(500)), KitError).message.length < 250, true);
});

for (const word of ["日本語ユーザー", "user:逆光/images", "https://civitai.com/user/%E9%80%86", "user:___"]) {
  Deno.test(`parseTarget() refuses "${word}", of which the API would leave nothing`, () => {
    const { code, hint } = assertThrows(
      () => parseTarget(word),
      KitError,
      "the user name has no ASCII letter or digit",
    );
    assertEquals([code, hint], [
      "usage",
      "Copy the name from the address of the creator's page, civitai.com/user/NAME",
    ]);
  });
}

Deno.test("parseTarget() says that a collection cannot be downloaded", () => {
  for (const word of ["https://civitai.com/collections/123", "civitai.com/collections"]) {
    const { hint } = assertThrows(() => parseTarget(word), KitError, "it is a collection, which cannot be downloaded");
    assertStringIncludes(hint!, "--from FILE");
  }
});
