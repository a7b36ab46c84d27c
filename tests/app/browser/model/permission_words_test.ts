import { assertEquals } from "@std/assert";
import { modelEnglish } from "../../../../lib/app/browser/messages/model_en.ts";
import { permissionLines } from "../../../../lib/app/browser/model/permission_words.ts";

Deno.test("permissionLines() says what the licence allows and what it does not", () => {
  const permissions = { credit: true, commercial: ["Image", "RentCivit"], derivatives: true, relicense: false };
  const lines = permissionLines(permissions, modelEnglish).map(({ text, isAllowed }) => `${isAllowed} ${text}`);
  assertEquals(lines, [
    "false Use without naming the creator",
    "true Sell images made with it",
    "true Offer generation on Civitai",
    "false Offer generation for money elsewhere",
    "false Sell the model or merges of it",
    "true Share merges that use it",
    "false Give merges other permissions",
  ]);
});

Deno.test("permissionLines() is silent about what is not known", () => {
  const unknown = { credit: null, commercial: null, derivatives: null, relicense: null };
  assertEquals(permissionLines(unknown, modelEnglish), []);
  assertEquals(
    permissionLines({ ...unknown, commercial: [] }, modelEnglish).every(({ isAllowed }) => !isAllowed),
    true,
  );
});
