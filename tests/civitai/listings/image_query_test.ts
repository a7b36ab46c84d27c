import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { type ImageQuery, imageSearchParams } from "../../../lib/civitai/mod.ts";

Deno.test("imageSearchParams() requests all maturity levels with flat generation data, newest first", () => {
  assertEquals(Object.fromEntries(imageSearchParams({ modelVersionId: 5 })), {
    limit: "100",
    browsingLevel: "31",
    sort: "Newest",
    modelVersionId: "5",
    withMeta: "true",
    flatMeta: "true",
  });
});

Deno.test("imageSearchParams() never sends page or nsfw", () => {
  const parameters = imageSearchParams({
    username: "bob",
    postId: 2,
    period: "Day",
    type: "video",
    limit: 200,
    browsingLevel: 3,
  });
  assertEquals(parameters.has("page") || parameters.has("nsfw"), false);
  assertEquals([parameters.get("type"), parameters.get("browsingLevel")], ["video", "3"]);
});

const REFUSED: readonly ImageQuery[] = [
  {},
  { username: "" },
  { imageId: 0 },
  { postId: -1 },
  { modelVersionId: 1.5 },
  { imageId: 1, limit: 201 },
  { imageId: 1, browsingLevel: 0 },
  { imageId: 1, sort: "" },
];

for (const query of REFUSED) {
  Deno.test(`imageSearchParams() refuses ${JSON.stringify(query)}`, () => {
    assertEquals(assertThrows(() => imageSearchParams(query), KitError).code, "usage");
  });
}
