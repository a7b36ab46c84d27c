import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  classifyResponse,
  parseAccount,
  parseCreators,
  parseEnums,
  parseErrorBody,
  parseHashes,
  parseHashMatches,
  parseImagePage,
  parseLenientJson,
  parseModel,
  parseModelPage,
  parseTags,
  parseVersion,
  parseVersionList,
  parseVersionSummary,
  signedUntil,
} from "../../lib/civitai/mod.ts";
import { fixture, FIXTURES, fixtureText } from "../helpers/servers/civitai_fixture.ts";

/** How many entries each response must have. */
const ANSWERS: Readonly<Record<string, readonly [count: number, of: (json: unknown) => number]>> = {
  "by_hash_ids.json": [3, (json) => parseHashMatches(json).length],
  "by_hash_post.json": [1, (json) => parseVersionList(json).length],
  "creators_page1.json": [3, (json) => parseCreators(json).creators.length],
  "creators_query.json": [1, (json) => parseCreators(json).creators.length],
  "enums.json": [23, (json) => parseEnums(json).modelTypes.length],
  "hash_vectors.json": [
    5,
    (json) => (json as unknown[]).map(parseHashes).filter(({ SHA256 }) => SHA256?.length === 64).length,
  ],
  "http/exchanges.json": [
    1,
    (json) =>
      (json as { response?: { headers: Record<string, string> } }[]).filter(({ response }) => {
        const location = response?.headers["location"];
        return location !== undefined && signedUntil(new URL(location, "https://civitai.com")) !== null;
      }).length,
  ],
  "images_empty_timeout.json": [0, (json) => parseImagePage(json).items.length],
  "images_modelid_nested_meta.json": [2, (json) => parseImagePage(json).items.length],
  "images_page.json": [6, (json) => parseImagePage(json).items.length],
  "images_page2.json": [4, (json) => parseImagePage(json).items.length],
  "images_page_param_trap.json": [1, (json) => parseImagePage(json).items.length],
  "images_raw_control_chars.txt": [1, (json) => parseImagePage(json).items.length],
  "me.json": [8800001, (json) => parseAccount(json).id],
  "model_archived.json": [1, (json) => parseModel(json).versions.length],
  "model_full.json": [8, (json) => parseModel(json).versions.flatMap(({ files }) => files).length],
  "model_version.json": [4, (json) => parseVersion(json).files.length],
  "model_version_downloads_disabled.json": [1, (json) => parseVersion(json).files.length],
  "model_version_early_access.json": [1, (json) => parseVersion(json).files.length],
  "model_version_lora.json": [1, (json) => parseVersion(json).files.length],
  "model_version_mini.json": [6938040678, (json) => parseVersionSummary(json).sizeBytes ?? 0],
  "model_version_mini_early_access.json": [0, (json) => parseVersionSummary(json).sizeBytes ?? 0],
  "models_empty.json": [0, (json) => parseModelPage(json).items.length],
  "models_page1.json": [5, (json) => parseModelPage(json).items.length],
  "models_page2.json": [3, (json) => parseModelPage(json).items.length],
  "models_page_empty_with_cursor.json": [0, (json) => parseModelPage(json).items.length],
  "models_page_numeric_cursor_with_page.json": [1, (json) => parseModelPage(json).items.length],
  "tags_page1.json": [4, (json) => parseTags(json).length],
  "tags_page_empty.json": [0, (json) => parseTags(json).length],
};

/** The class of each refusal, and whether a retry makes sense. */
const REFUSALS: Readonly<Record<string, string>> = {
  "errors/400_by_hash_ids.json": "rejected final",
  "errors/400_download_enum.json": "rejected final",
  "errors/400_flattened.json": "rejected final",
  "errors/400_invalid_cursor.json": "rejected final",
  "errors/400_issue_array.json": "rejected final",
  "errors/400_prettified_id.json": "rejected final",
  "errors/400_query_with_page.json": "rejected final",
  "errors/400_zod_error_object.json": "rejected final",
  "errors/400_zod_invalid_sort.json": "rejected final",
  "errors/401_download_login_required.json": "login final",
  "errors/401_downloads_disabled.json": "disabled final",
  "errors/401_unauthorized.json": "login final",
  "errors/403_early_access.json": "early-access final",
  "errors/403_early_access_permanent.json": "early-access final",
  "errors/403_forbidden.json": "forbidden final",
  "errors/403_no_access.json": "forbidden final",
  "errors/404_download_file.json": "gone final",
  "errors/404_missing_model_file.json": "gone final",
  "errors/404_model.json": "gone final",
  "errors/404_user_message_only.json": "gone final",
  "errors/404_version.json": "gone final",
  "errors/405_method.json": "rejected final",
  "errors/410_archived.json": "archived final",
  "errors/429_download_quota.json": "quota final",
  "errors/429_page_cap.json": "pagecap final",
  "errors/429_throttled_trpc.json": "throttled passing",
  "errors/451_region.json": "region final",
  "errors/500_unexpected.json": "server passing",
  "errors/500_version_details.json": "gone final",
  "errors/503_images_busy.json": "server passing",
  "errors/503_images_search.json": "server passing",
  "errors/503_models_search.json": "server passing",
  "errors/b2_401_expired.json": "login final",
  "errors/b2_503_too_many.json": "server passing",
  "errors/cloudflare_403_challenge.html": "forbidden final",
  "errors/cloudflare_502.html": "server passing",
  "errors/cloudflare_520.html": "server passing",
  "errors/cloudflare_524.html": "server passing",
  // With a key; without one it is final, see resolve_download_test.ts.
  "errors/download_login_page_200.html": "unusable passing",
  "errors/r2_400_authorization_forwarded.xml": "rejected final",
  "errors/r2_403_expired.xml": "forbidden final",
  "errors/r2_404_nosuchkey.xml": "gone final",
};

Deno.test("fixtures: the table covers every file", async () => {
  const found: string[] = [];
  for (const folder of ["", "errors/", "http/"]) {
    for await (const entry of Deno.readDir(new URL(folder, FIXTURES))) {
      if (entry.isFile) found.push(`${folder}${entry.name}`);
    }
  }
  assertEquals(found.sort(), [...Object.keys(ANSWERS), ...Object.keys(REFUSALS)].sort());
});

for (const [name, [count, of]] of Object.entries(ANSWERS)) {
  Deno.test(`fixtures: ${name} parses`, () => assertEquals(of(fixture(name)), count));
}

for (const [name, expected] of Object.entries(REFUSALS)) {
  Deno.test(`fixtures: ${name} is classified as ${expected}`, () => {
    const text = fixtureText(name);
    const status = Number(/(?:_|\/)(\d{3})(?:[_.])/.exec(name)?.[1]);
    const error = classifyResponse({ status, headers: new Headers(), text }, {
      what: "try it",
      hasToken: true,
      nowMs: 0,
    });
    assertEquals(`${error.failure} ${error.retryable ? "passing" : "final"}`, expected);
    assertEquals(error.message.startsWith("Cannot try it: "), true);
    assertNotEquals(parseErrorBody(text).message, "");
  });
}

Deno.test("fixtures: the body with raw control characters is invalid JSON", () => {
  const text = fixtureText("images_raw_control_chars.txt");
  assertThrows(() => JSON.parse(text), SyntaxError);
  assertEquals(typeof parseLenientJson(text), "object");
});
