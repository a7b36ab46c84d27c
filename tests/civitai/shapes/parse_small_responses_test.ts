import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  parseAccount,
  parseCreators,
  parseEnums,
  parseHashMatches,
  parseTags,
  parseVersionList,
  parseVersionSummary,
  type UnreadableEntry,
} from "../../../lib/civitai/mod.ts";
import { fixture } from "../../helpers/servers/civitai_fixture.ts";

Deno.test("parseCreators() reads numeric names and omits creators without a name", () => {
  assertEquals(parseCreators(fixture("creators_page1.json")), {
    creators: [
      { username: "brambleforge", modelCount: 41 },
      { username: "4711", modelCount: 3 },
      { username: "plumb_and_line", modelCount: null },
    ],
    hasNext: true,
  });
  assertEquals(parseCreators(fixture("creators_query.json")).hasNext, true);
  assertEquals(parseCreators({ items: [] }).hasNext, false);
});

Deno.test("parseTags() reads names", () => {
  assertEquals(parseTags(fixture("tags_page1.json")), ["style", "landscape", "base model", "sci-fi & fantasy"]);
  assertEquals(parseTags(fixture("tags_page_empty.json")), []);
});

Deno.test("parseEnums() reads every list, and a missing one as empty", () => {
  const enums = parseEnums(fixture("enums.json"));
  assert(enums.modelTypes.includes("LORA") && enums.fileTypes.includes("VAE") && enums.baseModels.includes("Pony"));
  assertEquals(parseEnums({}).activeBaseModels, []);
});

Deno.test("parseAccount() reads the owner of the token", () => {
  assertEquals(parseAccount(fixture("me.json")), {
    id: 8800001,
    username: "brambleforge",
    tier: "free",
    status: "active",
    isMember: false,
  });
});

Deno.test("parseHashMatches() keeps every match of a repeated hash, in lower case", () => {
  const matches = parseHashMatches(fixture("by_hash_ids.json"));
  assertEquals(matches.map(({ versionId, modelId }) => [versionId, modelId]), [
    [2900101, 3100001],
    [2900011, 3100010],
    [2900599, 3100055],
  ]);
  assertEquals(matches[1]?.sha256, matches[2]?.sha256);
  assertEquals(parseHashMatches([{ hash: "AB", modelVersionId: 1 }, null]), [{
    sha256: "ab",
    versionId: 1,
    modelId: null,
  }]);
});

Deno.test("parseVersionSummary() reads what restricts a download", () => {
  const open = parseVersionSummary(fixture("model_version_mini.json"));
  assertEquals([open.requiresLogin, open.requiresGrant, open.earlyAccessUntil], [true, false, null]);
  const early = parseVersionSummary(fixture("model_version_mini_early_access.json"));
  assertEquals([early.requiresGrant, early.earlyAccessUntil, early.sizeBytes], [
    true,
    "2026-12-05T16:00:00.000Z",
    null,
  ]);
});

Deno.test("parsers of small responses refuse other shapes", () => {
  for (const parse of [parseCreators, parseTags, parseEnums, parseAccount, parseHashMatches, parseVersionSummary]) {
    assertThrows(() => parse("text"), SyntaxError);
  }
});

/** What a parser of a flat list reports as unreadable. */
function leftOut(parse: (onUnreadable: (entry: UnreadableEntry) => void) => unknown): readonly string[] {
  const said: string[] = [];
  parse(({ name, reason }) => said.push(`${name}: ${reason}`));
  return said;
}

Deno.test("parsers of flat lists keep readable entries and name the others", () => {
  const creators = { items: [{ username: "a" }, "b", { username: {} }, { username: null }] };
  assertEquals(parseCreators(creators).creators, [{ username: "a", modelCount: null }]);
  assertEquals(leftOut((onUnreadable) => parseCreators(creators, { onUnreadable })), [
    'creator #2: it is "b"',
    'creator #3: "username" is an object',
  ]);
  const tags = { items: ["a", { name: "b" }, { name: 3 }, null] };
  assertEquals(parseTags(tags), ["a", "b"]);
  assertEquals(leftOut((onUnreadable) => parseTags(tags, { onUnreadable })), [
    "tag #3: it is an object",
    "tag #4: it is null",
  ]);
  const matches = [{ hash: "AB", modelVersionId: 1 }, { hash: "CD" }, null, 7];
  assertEquals(parseHashMatches(matches).length, 1);
  assertEquals(leftOut((onUnreadable) => parseHashMatches(matches, { onUnreadable })), [
    'hash match #2: "modelVersionId" is missing',
    "hash match #4: it is 7",
  ]);
  const versions = [{ id: 1, modelId: 2 }, { id: 3 }, null, { modelId: 4 }];
  assertEquals(parseVersionList(versions).map(({ id }) => id), [1]);
  assertEquals(leftOut((onUnreadable) => parseVersionList(versions, { onUnreadable })), [
    "version #2 (id 3): it has no model id",
    'version #4: "id" is missing',
  ]);
});
